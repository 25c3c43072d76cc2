package io.postmesh.delivery.lane;

import io.postmesh.contract.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All lanes of a worker. Destinations take turns, one errand each, so a long queue never stands before a short one.
public final class LaneBook implements AutoCloseable {

    /// @param connections to one destination at once
    /// @param attempts    at once, all destinations together
    /// @param patience    how long an errand waits for its turn (LEDGER L12)
    /// @param share       octets one slow destination may hold in memory before newcomers wait elsewhere
    public record Limits(int connections, int attempts, Duration patience, long share) {}

    private static final Duration SLOW = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(30); // half of anybody's patience
    private static final Duration TURNED_AWAY = Duration.ofMinutes(1);
    private static final int REMEMBERED = 100_000;

    /// A conversation that lasts longer gives back its turn, though not its connection: a few hundred remotes that
    /// never answer the dot, each for its 10 minutes, must not stop the others.
    private static final Duration LINGERS = Duration.ofSeconds(20);

    private static final int LINGERING = 3; // times the attempts: each is a socket and a parked virtual thread

    // How long all others wait until nobody talks; how long they then go on before they are asked again; and how long
    // one talks alone, at most: a slow remote must not stop the mail of all others.
    private static final Duration SHUT = Duration.ofSeconds(10);
    private static final Duration OPEN = Duration.ofSeconds(60);
    private static final Duration ALONE = Duration.ofSeconds(30);

    private final Limits limits;
    private final Clock clock;
    private final BooleanSupplier mayStart;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("attempt-", 0).factory());
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Deque<Lane> round = new ArrayDeque<>();
    private final Set<Place> places = new LinkedHashSet<>(); // oldest first
    private final Deque<Errand> suspects = new ArrayDeque<>();
    private @Nullable Errand suspect; // talks, and nobody else does
    private Instant suspectSince = Instant.EPOCH;
    private Instant shutSince = Instant.EPOCH;
    private int talking;
    private int lingering;
    private boolean closed;

    /// @param mayStart false while no attempt may start, whoever the destination is (LEDGER L9)
    public LaneBook(Limits limits, Clock clock, BooleanSupplier mayStart) {
        this.limits = limits;
        this.clock = clock;
        this.mayStart = mayStart;
    }

    public void enqueue(Errand errand) {
        var now = clock.instant();
        @Nullable Refusal refusal;
        synchronized (this) {
            if (closed) return;
            var lane = lane(errand);
            refusal = errand.alone() ? null : refusal(lane, errand, now);
            if (errand.alone()) {
                suspects.addLast(errand);
                startSome(now);
            } else if (refusal == null) {
                lane.add(errand, now);
                list(lane);
                startSome(now);
            }
        }
        if (refusal != null) refusal.tell();
    }

    /// Until when a destination is left alone; the past when it is not.
    public synchronized Instant restsUntil(String destination) {
        var lane = lanes.get(destination);
        return lane == null ? Instant.MIN : lane.pace.restsUntil();
    }

    /// Takes out whoever waits for this client; those on their way are the client's matter.
    public synchronized void withdraw(Object client) {
        suspects.removeIf(errand -> errand.client() == client);
        for (var lane : lanes.values()) lane.takeAll(client);
    }

    /// Sends away whoever waits for this client and has not started.
    public void turnAway(Object client) {
        var now = clock.instant();
        var refusals = new ArrayList<Refusal>();
        synchronized (this) {
            for (var lane : lanes.values()) {
                for (var errand : lane.takeAll(client)) {
                    refusals.add(new Refusal(errand, Reason.CANNOT_START, now.plus(TURNED_AWAY)));
                }
            }
        }
        refusals.forEach(Refusal::tell);
    }

    /// Time has passed: rests end, patience ends.
    public void tick() {
        var now = clock.instant();
        var refusals = new ArrayList<Refusal>();
        @Nullable Errand acquitted = null;
        synchronized (this) {
            giveBackTurns(now);
            if (suspect != null && suspectSince.plus(ALONE).isBefore(now)) {
                acquitted = suspect;
                suspect = null;
            }
            for (var lane : List.copyOf(lanes.values())) {
                turnAway(lane, now, refusals);
                if (lane.canStart(now)) list(lane);
                if (lane.isForgettable() || lanes.size() > REMEMBERED && isIdle(lane, now)) {
                    lanes.remove(lane.destination);
                }
            }
            startSome(now);
        }
        if (acquitted != null) acquitted.acquitted();
        refusals.forEach(Refusal::tell);
    }

    public synchronized int talking() {
        return talking + lingering;
    }

    private void giveBackTurns(Instant now) {
        for (var place : places) {
            if (place.since.plus(LINGERS).isAfter(now) || lingering >= LINGERING * limits.attempts()) return;
            if (place.lingers) continue;
            place.lingers = true;
            talking--;
            lingering++;
        }
    }

    /// No more turns; attempts on their way are interrupted.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            lanes.clear();
            round.clear();
            suspects.clear();
        }
        threads.shutdownNow();
    }

    private record Refusal(Errand errand, Reason reason, Instant notBefore) {
        void tell() {
            errand.turnedAway(reason, notBefore);
        }
    }

    // A destination that rests longer than anybody is patient, or that is slow and holds its share, takes no more in.
    private @Nullable Refusal refusal(Lane lane, Errand errand, Instant now) {
        if (lane.pace.restsUntil().isAfter(now.plus(limits.patience()))) {
            return new Refusal(errand, Reason.DESTINATION_RESTS, lane.pace.restsUntil());
        }
        if (isSlow(lane, now) && lane.octets() + errand.octets() > limits.share()) {
            return new Refusal(errand, Reason.CANNOT_START, now.plus(TURNED_AWAY));
        }
        return null;
    }

    // A long queue that moves is only a busy one. Behind a relay's queue nobody stands who goes elsewhere.
    private static boolean isSlow(Lane lane, Instant now) {
        if (lane.relayed) return false;
        return lane.pace.rests(now) || lane.isBehind(now.minus(SLOW)) && !lane.drainsWithin(SOON, now);
    }

    private void turnAway(Lane lane, Instant now, List<Refusal> refusals) {
        boolean rests = lane.pace.restsUntil().isAfter(now.plus(limits.patience()));
        var since = now.minus(limits.patience());
        while (!lane.queue.isEmpty() && (rests || !lane.relayed && lane.isBehind(since))) {
            var reason = rests ? Reason.DESTINATION_RESTS : Reason.CANNOT_START;
            refusals.add(
                    new Refusal(lane.next().errand(), reason, rests ? lane.pace.restsUntil() : now.plus(TURNED_AWAY)));
        }
    }

    private Lane lane(Errand errand) {
        return lanes.computeIfAbsent(
                errand.destination(), name -> new Lane(name, errand.isRelayed(), limits.connections()));
    }

    private void list(Lane lane) {
        if (lane.listed) return;
        lane.listed = true;
        round.addLast(lane);
    }

    // Whoever is alone waits until nobody talks, and for a while nobody begins: else its time would never come.
    private void startSome(Instant now) {
        if (suspect != null) return;
        if (!suspects.isEmpty()) {
            if (talking() == 0 && mayStart.getAsBoolean()) {
                startAlone(now);
                return;
            }
            if (isShut(now)) return;
        }
        while (talking < limits.attempts() && !round.isEmpty() && mayStart.getAsBoolean()) {
            var lane = round.removeFirst();
            lane.listed = false;
            if (!lane.canStart(now)) continue; // listed again when a place gets free or its rest ends
            if (isScarce() && lane.talking > 0 && !lane.pace.isProven()) continue; // listed again by the next tick
            start(lane, lane.start(now).errand());
            if (lane.canStart(now)) list(lane);
        }
    }

    // Then a destination that has never served gets one conversation, not three.
    private boolean isScarce() {
        return talking > limits.attempts() / 2;
    }

    private boolean isShut(Instant now) {
        if (shutSince.plus(SHUT).plus(OPEN).isBefore(now)) shutSince = now;
        return shutSince.plus(SHUT).isAfter(now);
    }

    private void startAlone(Instant now) {
        var errand = suspects.removeFirst();
        suspect = errand;
        suspectSince = now;
        shutSince = Instant.EPOCH;
        start(lane(errand), errand);
    }

    private void start(Lane lane, Errand errand) {
        lane.talking++;
        talking++;
        var place = new Place(lane, errand, clock.instant());
        places.add(place);
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
        return lane.queue.isEmpty() && lane.talking == 0 && !lane.pace.rests(now);
    }

    private final class Place implements Turn {
        private final Lane lane;
        private final Errand errand;
        private final Instant since;
        private final AtomicBoolean over = new AtomicBoolean();
        private boolean lingers; // guarded by the book

        private Place(Lane lane, Errand errand, Instant since) {
            this.lane = lane;
            this.errand = errand;
            this.since = since;
        }

        @Override
        public void over(Sign sign) {
            if (!over.compareAndSet(false, true)) return;
            var now = clock.instant();
            synchronized (LaneBook.this) {
                lane.talking--;
                places.remove(this);
                if (lingers) lingering--;
                else talking--;
                if (suspect == errand) suspect = null;
                lane.pace.heard(sign, now, ThreadLocalRandom.current());
                if (lane.canStart(now)) list(lane);
                startSome(now);
            }
        }
    }
}
