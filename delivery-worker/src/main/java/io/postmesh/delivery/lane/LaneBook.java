package io.postmesh.delivery.lane;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// All lanes of a worker. Destinations take turns, one errand each, so a long queue never stands before a short one.
public final class LaneBook implements AutoCloseable {

    /// @param connections to one destination at once, of all workers together where its mail is spread over them
    /// @param attempts    at once, all destinations together
    /// @param patience    how long an errand waits for its turn (LEDGER L12)
    /// @param share       octets one slow destination may hold in memory before newcomers wait elsewhere
    /// @param rest        a connection without work is kept so long
    /// @param shared      with the other workers; empty: there are none
    public record Limits(
            int connections,
            int attempts,
            Duration patience,
            long share,
            Duration rest,
            Optional<SharedLimits> shared) {

        /// Of the only worker there is.
        public Limits(int connections, int attempts, Duration patience, long share) {
            this(connections, attempts, patience, share, Duration.ZERO, Optional.empty());
        }
    }

    /// So many conversations at once with a destination nobody knows yet.
    public static final int AT_FIRST = 5; // as Postfix' initial_destination_concurrency

    private static final int REMEMBERED = 100_000;
    static final Duration GLANCE = Duration.ofSeconds(1);

    private final Limits limits;
    private final Clock clock;
    private final BooleanSupplier mayStart;
    private final Patience patience;
    private final Shares shares;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("attempt-", 0).factory());
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Deque<Lane> round = new ArrayDeque<>();
    private final Talks talks;
    private final Suspects suspects = new Suspects();
    private Traffic traffic = Traffic.NONE;
    private Instant lookAgain = Instant.MIN;
    private boolean closed;

    /// @param mayStart false while no attempt may start, whoever the destination is (LEDGER L9)
    public LaneBook(Limits limits, Clock clock, BooleanSupplier mayStart) {
        this.limits = limits;
        this.clock = clock;
        this.mayStart = mayStart;
        this.talks = new Talks(limits.attempts());
        this.patience = new Patience(limits.patience(), limits.share());
        this.shares = new Shares(limits.shared(), limits.connections(), clock, threads, this, this::wake);
    }

    /// So many workers live, as far as is known.
    public synchronized void among(int workers) {
        shares.among(workers);
    }

    public void enqueue(Errand errand) {
        var now = clock.instant();
        Optional<Refusal> refusal = Optional.empty();
        synchronized (this) {
            if (closed) return;
            var lane = lane(errand);
            if (errand.suspicion() != Suspicion.NONE) {
                lane.addSuspect(errand);
            } else {
                refusal = patience.refusal(lane, errand, shares.workers(), now);
                if (refusal.isEmpty()) lane.add(errand, now);
            }
            if (refusal.isEmpty()) {
                list(lane);
                startSome(now);
            }
        }
        refusal.ifPresent(Refusal::tell);
    }

    /// Until when a destination is left alone, or has mail enough at its rate; the past when it is not.
    public synchronized Instant restsUntil(String destination) {
        var lane = lanes.get(destination);
        if (lane == null) return Instant.MIN;
        var full = patience.fullUntil(lane, shares.workers(), clock.instant());
        var rests = lane.pace.restsUntil();
        return full.isAfter(rests) ? full : rests;
    }

    /// Takes out whoever waits for this client; those on their way are the client's matter.
    public synchronized void withdraw(Object client) {
        for (var lane : lanes.values()) lane.take(errand -> errand.client() == client);
    }

    /// Takes out who of those waiting for this client is meant.
    public synchronized List<Errand> recall(Object client, Predicate<Errand> meant) {
        var taken = new ArrayList<Errand>();
        for (var lane : lanes.values())
            taken.addAll(lane.take(errand -> errand.client() == client && meant.test(errand)));
        return taken;
    }

    /// A destination that rests is asked again at once.
    public synchronized void wake(String destination) {
        var lane = lanes.get(destination);
        if (lane == null) return;
        var now = clock.instant();
        lane.pace.wake();
        if (lane.canStart(now)) list(lane);
        startSome(now);
    }

    /// Sends away whoever waits for this client and has not started.
    public void turnAway(Object client) {
        var now = clock.instant();
        var refusals = new ArrayList<Refusal>();
        synchronized (this) {
            for (var lane : lanes.values()) {
                for (var errand : lane.takeAll(client)) {
                    refusals.add(Patience.cannotStart(errand, now));
                }
            }
        }
        refusals.forEach(Refusal::tell);
    }

    /// Time has passed: rests end, patience ends.
    public void tick() {
        var now = clock.instant();
        var refusals = new ArrayList<Refusal>();
        List<Errand> acquitted;
        synchronized (this) {
            talks.tick(now);
            acquitted = suspects.acquit(now);
            for (var lane : List.copyOf(lanes.values())) {
                patience.turnAway(lane, now, refusals);
                if (lane.canStart(now)) list(lane);
                shares.look(lane, now);
                if (lane.isForgettable(now) || lanes.size() > REMEMBERED && isIdle(lane, now)) {
                    lanes.remove(lane.destination);
                }
            }
            startSome(now);
        }
        acquitted.forEach(Errand::acquitted);
        refusals.forEach(Refusal::tell);
    }

    /// A second old at most: whoever scrapes asks for dozens of its numbers at once, and there may be very many lanes.
    public synchronized Traffic traffic() {
        var now = clock.instant();
        if (!now.isBefore(lookAgain)) {
            traffic = look(now);
            lookAgain = now.plus(GLANCE);
        }
        return traffic;
    }

    private Traffic look(Instant now) {
        var destinations = new HashMap<Traffic.Kind, Integer>();
        int startable = 0;
        for (var lane : lanes.values()) {
            destinations.merge(new Traffic.Kind(lane.provider, lane.state(now)), 1, Integer::sum);
            startable += lane.startable(now);
        }
        return new Traffic(destinations, startable, talks.hanging());
    }

    public synchronized int talking() {
        return talks.size();
    }

    /// No more turns; attempts on their way are interrupted.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            lanes.values().forEach(shares::giveBack);
            lanes.clear();
            round.clear();
        }
        threads.shutdownNow();
    }

    private Lane lane(Errand errand) {
        var lane = lanes.computeIfAbsent(
                errand.destination(),
                name -> new Lane(
                        name, errand.isRelayed(), limits.connections(), limits.rest(), shares.rate(name), suspects));
        if (errand.isSpread()) shares.share(lane);
        return lane;
    }

    private void list(Lane lane) {
        if (lane.listed) return;
        lane.listed = true;
        round.addLast(lane);
    }

    private void startSome(Instant now) {
        if (closed) return;
        while (talks.turns() < limits.attempts() && !round.isEmpty() && mayStart.getAsBoolean()) {
            var lane = round.removeFirst();
            lane.listed = false;
            if (!lane.canStart(now)) { // listed again when a place gets free, its rest ends, or an answer comes
                shares.look(lane, now);
                continue;
            }
            if (isScarce() && lane.talking > 0 && !lane.pace.isProven()) continue; // listed again by the next tick
            start(lane, lane.start(now), now);
            if (lane.canStart(now)) list(lane);
            else shares.look(lane, now);
        }
    }

    // What the lane lacked of the shared limits may be there.
    private synchronized void wake(Lane lane) {
        if (closed) return;
        list(lane);
        startSome(clock.instant());
    }

    // Then a destination that has never served gets one conversation, not a whole window.
    private boolean isScarce() {
        return talks.turns() > limits.attempts() / 2;
    }

    private void start(Lane lane, Errand errand, Instant now) {
        suspects.started(errand, now);
        var place = new Place(talks.begin(lane, now), errand);
        try {
            threads.execute(() -> {
                try {
                    errand.run(place);
                } finally {
                    place.over(Sign.NONE);
                }
            });
        } catch (RejectedExecutionException closing) {
            place.over(Sign.NONE);
        }
    }

    private static boolean isIdle(Lane lane, Instant now) {
        return lane.isEmpty() && !lane.pace.rests(now);
    }

    private final class Place implements Turn {
        private final Talk talk;
        private final Lane lane;
        private final Errand errand;
        private final AtomicBoolean over = new AtomicBoolean();

        private Place(Talk talk, Errand errand) {
            this.talk = talk;
            this.lane = talk.lane;
            this.errand = errand;
        }

        @Override
        public void bound(String provider) {
            lane.provider = provider;
        }

        @Override
        public void dotted() {
            talk.dotted(clock.instant());
        }

        @Override
        public void answered() {
            talk.answered();
        }

        @Override
        public void over(Sign sign) {
            if (!over.compareAndSet(false, true)) return;
            var now = clock.instant();
            synchronized (LaneBook.this) {
                talks.end(talk);
                suspects.over(errand);
                lane.pace.heard(sign, now, ThreadLocalRandom.current());
                if (lane.canStart(now)) list(lane);
                startSome(now);
            }
        }
    }
}
