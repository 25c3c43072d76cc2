package io.postmesh.delivery.lane;

import io.postmesh.delivery.plan.Providers;
import io.postmesh.runtime.redis.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// One destination: who waits for it, and how many talk to it. Guarded by its book's lock.
final class Lane {
    private static final int STRETCH_SECONDS = 5;

    record Waiter(Errand errand, Instant since) {}

    final String destination;
    final boolean relayed;
    final Pace pace;
    final Slots slots;
    final Purse purse;
    final Deque<Waiter> queue = new ArrayDeque<>();
    private final Deque<Errand> suspected = new ArrayDeque<>(); // before the others, when they may
    private final Suspects suspects;
    volatile String provider; // without the lock: a label, and nothing hangs on it
    int talking;
    int spared; // of those that talk: they are out of the window
    boolean listed; // stands in the book's round
    private long octets;
    private long window; // which stretch of time is counted
    private long startedNow;
    private long startedBefore;

    /// @param rest     a connection without work is kept so long
    /// @param suspects of all lanes
    Lane(String destination, boolean relayed, int connections, Duration rest, Optional<Rate> rate, Suspects suspects) {
        this.destination = destination;
        this.relayed = relayed;
        this.pace = new Pace(connections);
        this.slots = new Slots(connections, rest);
        this.purse = new Purse(rate);
        this.suspects = suspects;
        this.provider = relayed ? Providers.RELAY : Providers.OTHER;
    }

    void addSuspect(Errand errand) {
        suspected.addLast(errand);
    }

    void add(Errand errand, Instant now) {
        queue.addLast(new Waiter(errand, now));
        octets += errand.octets();
    }

    Waiter next() {
        var first = queue.removeFirst();
        octets -= first.errand().octets();
        return first;
    }

    /// The next one, whose turn it is.
    Errand start(Instant now) {
        var first = suspectMayStart() ? suspected.removeFirst() : next().errand();
        count(now);
        startedNow += first.octets();
        purse.spend();
        return first;
    }

    /// At the pace of the last seconds all who wait here will have started by then.
    boolean drainsWithin(Duration time, Instant now) {
        count(now);
        return octets * STRETCH_SECONDS <= Math.max(startedNow, startedBefore) * time.toSeconds();
    }

    private void count(Instant now) {
        long current = now.getEpochSecond() / STRETCH_SECONDS;
        if (current == window) return;
        startedBefore = current == window + 1 ? startedNow : 0;
        startedNow = 0;
        window = current;
    }

    /// Everybody who waits here for this client and may be sent away.
    List<Errand> takeAll(Object client) {
        return takeQueued(errand -> errand.client() == client);
    }

    /// Suspects, too.
    List<Errand> take(Predicate<Errand> meant) {
        var taken = takeQueued(meant);
        take(suspected, errand -> errand, meant, taken);
        return taken;
    }

    private List<Errand> takeQueued(Predicate<Errand> meant) {
        var taken = new ArrayList<Errand>();
        take(queue, Waiter::errand, meant, taken);
        for (var errand : taken) octets -= errand.octets();
        return taken;
    }

    private static <T> void take(
            Deque<T> from, Function<T, Errand> errandOf, Predicate<Errand> meant, List<Errand> taken) {
        from.removeIf(one -> {
            var errand = errandOf.apply(one);
            boolean his = meant.test(errand);
            if (his) taken.add(errand);
            return his;
        });
    }

    long octets() {
        return octets;
    }

    boolean canStart(Instant now) {
        return lacksOnlyTokens(now) && purse.hasOne(now);
    }

    /// Somebody could start, were it not for the rate.
    boolean lacksOnlyTokens(Instant now) {
        return hasNext() && talking < Math.min(window(), slots.usable(now)) && !pace.rests(now);
    }

    Traffic.State state(Instant now) {
        if (pace.rests(now)) return Traffic.State.RESTING;
        if (hasNext() && !canStart(now)) return Traffic.State.LIMITED;
        return isEmpty() ? Traffic.State.IDLE : Traffic.State.TALKING;
    }

    /// So many of those who wait could start at once.
    int startable(Instant now) {
        if (!canStart(now)) return 0;
        return Math.min(queue.size(), Math.min(window(), slots.usable(now)) - talking);
    }

    // Who hangs past its dot is a connection, and no work we are in the midst of.
    private int window() {
        return pace.window(spared);
    }

    private boolean hasNext() {
        return !queue.isEmpty() || suspectMayStart();
    }

    private boolean suspectMayStart() {
        return !suspected.isEmpty() && suspects.mayStart(suspected.getFirst());
    }

    /// How many could talk now if all connections were ours.
    int need(Instant now) {
        long all = (long) talking + queue.size() + suspected.size();
        return pace.rests(now) ? talking : Math.clamp(all, 0, window());
    }

    /// Nobody waits and nobody talks.
    boolean isEmpty() {
        return queue.isEmpty() && suspected.isEmpty() && talking == 0;
    }

    boolean isForgettable(Instant now) {
        return isEmpty() && pace.isFresh() && slots.isForgettable() && purse.isForgettable(now);
    }

    /// The first in line has waited since then.
    boolean isBehind(Instant since) {
        return !queue.isEmpty() && queue.peekFirst().since().isBefore(since);
    }
}
