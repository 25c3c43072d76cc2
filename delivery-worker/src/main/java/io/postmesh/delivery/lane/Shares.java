package io.postmesh.delivery.lane;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotRequest;
import io.postmesh.runtime.redis.Tokens;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Asks for what a lane lacks of the limits that all workers share, on threads of its own: whoever enqueues or ends a
/// conversation never waits for Redis. Called under the book's lock, by which the answers are taken in, too.
final class Shares {
    // Before it is known how many share the limits, a worker takes as little as it may.
    private static final int UNKNOWN = 1_000;

    /// Called without the book's lock.
    interface Wakes {
        /// Something that the lane lacked may be there.
        void wake(Lane lane);
    }

    private final Optional<SharedLimits> limits;
    private final int connections;
    private final Clock clock;
    private final Executor threads;
    private final Object lock;
    private final Wakes book;
    private int workers = UNKNOWN;

    /// @param limits empty: this worker is the only one, and no destination has a rate
    Shares(Optional<SharedLimits> limits, int connections, Clock clock, Executor threads, Object lock, Wakes book) {
        this.limits = limits;
        this.connections = connections;
        this.clock = clock;
        this.threads = threads;
        this.lock = lock;
        this.book = book;
    }

    Optional<Rate> rate(String destination) {
        return limits.flatMap(all -> all.rate(destination));
    }

    void among(int liveWorkers) {
        workers = liveWorkers;
    }

    int workers() {
        return workers;
    }

    /// From now on others talk to this lane's destination, too.
    void share(Lane lane) {
        if (limits.isPresent()) lane.slots.share();
    }

    /// Asks, if there is something to ask for.
    void look(Lane lane, Instant now) {
        if (limits.isEmpty()) return;
        var with = limits.get();
        lane.slots.ask(lane.need(now), lane.talking, now).ifPresent(ask -> aside(() -> slots(with, lane, ask)));
        if (lane.lacksOnlyTokens(now) && lane.purse.asks(now)) {
            int needed = lane.queue.size();
            aside(() -> tokens(with, lane, needed, now));
        }
    }

    /// The worker ends: others need not wait for its leases to end.
    void giveBack(Lane lane) {
        if (limits.isEmpty() || !lane.slots.isHeld()) return;
        var none = new SlotRequest(lane.destination, connections, 0, lane.talking, Math.max(1, workers));
        var _ = limits.get().slots(none);
    }

    private void slots(SharedLimits with, Lane lane, Slots.Ask ask) {
        if (ask.closes()) with.letGo(lane.destination, lane.relayed);
        var request = new SlotRequest(lane.destination, connections, ask.wanted(), ask.open(), known());
        with.slots(request).whenCompleteAsync((lease, bug) -> heard(with, lane, ask, lease), threads);
    }

    private void heard(SharedLimits with, Lane lane, Slots.Ask ask, SlotLease lease) {
        boolean surplus;
        synchronized (lock) {
            surplus = lane.slots.heard(ask, lease, clock.instant());
        }
        if (surplus) with.letGo(lane.destination, lane.relayed);
        book.wake(lane);
    }

    private void tokens(SharedLimits with, Lane lane, int needed, Instant asked) {
        var rate = lane.purse.rate().orElseThrow();
        with.tokens(lane.destination, rate, needed, lane.slots.isShared() ? known() : 1)
                .whenCompleteAsync((tokens, bug) -> filled(lane, tokens, asked), threads);
    }

    private void filled(Lane lane, Tokens tokens, Instant asked) {
        synchronized (lock) {
            lane.purse.filled(tokens, asked, clock.instant());
        }
        book.wake(lane);
        if (tokens.again().isZero()) return;
        // No polling: the answer says when it makes sense to ask again.
        CompletableFuture.delayedExecutor(tokens.again().toMillis() + 1, TimeUnit.MILLISECONDS, threads)
                .execute(() -> book.wake(lane));
    }

    private int known() {
        synchronized (lock) {
            return workers;
        }
    }

    private void aside(Runnable asking) {
        try {
            threads.execute(asking);
        } catch (RejectedExecutionException closing) {
            return; // nobody starts any more
        }
    }
}
