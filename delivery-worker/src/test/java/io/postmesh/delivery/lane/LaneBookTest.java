package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneBookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RELAY = "relay.test";

    private final HandClock clock = new HandClock();
    private final AtomicBoolean mayStart = new AtomicBoolean(true);
    private final LaneBook book = new LaneBook(new LaneBook.Limits(10, 20, PATIENCE, 1_000), clock, mayStart::get);
    private final Queue<String> begun = new ConcurrentLinkedQueue<>();
    private final AtomicInteger silent = new AtomicInteger();
    private final List<String> acquitted = new ArrayList<>();
    private final List<Reason> refused = new ArrayList<>();

    @AfterEach
    void close() {
        book.close();
    }

    @Test
    void aDestinationGetsAsManyConnectionsAsItAnswersWellAndNeverMoreThanTheLimit() {
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        var done = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            book.enqueue(errand("one.test", this, turn -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                now.decrementAndGet();
                done.incrementAndGet();
                turn.over(Sign.WELL);
            }));
        }
        await().until(() -> done.get() == 200);
        assertThat(most.get()).isBetween(1, 10);
    }

    @Test
    void atOneGlanceItIsSeenWhatDestinationsLetUsDo() throws Exception {
        var gate = new CountDownLatch(1);
        mayStart.set(false);
        for (int i = 0; i < LaneBook.AT_FIRST + 2; i++) book.enqueue(errand("slow.test", this, _ -> gate.await()));
        assertThat(book.traffic().startable()).isEqualTo(LaneBook.AT_FIRST);
        mayStart.set(true);
        var told = new CountDownLatch(1);
        book.enqueue(errand("quick.test", this, turn -> {
            turn.bound("google");
            told.countDown();
            gate.await();
        }));
        told.await();
        await().until(() -> begun.size() == LaneBook.AT_FIRST + 1);
        clock.pass(LaneBook.GLANCE);
        assertThat(book.traffic().startable()).isZero();
        assertThat(book.traffic().destinations())
                .containsOnly(
                        Map.entry(new Traffic.Kind("other", Traffic.State.LIMITED), 1),
                        Map.entry(new Traffic.Kind("google", Traffic.State.TALKING), 1));
        gate.countDown();
    }

    @Test
    void aNewDestinationIsNotStoodUponByAnOldOnesQueue() throws Exception {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) book.enqueue(errand("slow.test", this, _ -> gate.await()));
        book.enqueue(errand("quick.test", this, turn -> turn.over(Sign.WELL)));
        await().until(() -> begun.contains("quick.test"));
        assertThat(book.talking()).isEqualTo(LaneBook.AT_FIRST); // of a destination nobody knows yet
        gate.countDown();
    }

    @Test
    void whoCannotStartWithinTheirPatienceIsParked() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < LaneBook.AT_FIRST + 2; i++) book.enqueue(errand("slow.test", this, _ -> gate.await()));
        clock.pass(PATIENCE.plusSeconds(1));
        book.tick();
        assertThat(refused).containsExactly(Reason.CANNOT_START, Reason.CANNOT_START);
        gate.countDown();
    }

    @Test
    void remotesThatNeverAnswerDoNotTakeAllTurns() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 30; i++) {
            for (int mail = 0; mail < 3; mail++) book.enqueue(errand("silent" + i + ".test", this, _ -> gate.await()));
        }
        await().until(() -> book.talking() == 20); // all turns there are
        book.enqueue(errand("quick.test", this, turn -> turn.over(Sign.WELL)));
        assertThat(begun).doesNotContain("quick.test");
        clock.pass(Duration.ofSeconds(21));
        book.tick();
        await().until(() -> begun.contains("quick.test"));
        gate.countDown();
        await().until(() -> book.talking() == 0);
    }

    // Its window is our guess; its limit is the operator's word.
    @Test
    void remotesThatNeverAnswerTheDotKeepTheirConnectionsAndNotTheWindow() throws Exception {
        var gate = new CountDownLatch(1);
        Talk hangs = turn -> {
            turn.dotted();
            silent.incrementAndGet();
            gate.await();
        };
        for (int i = 0; i < LaneBook.AT_FIRST; i++) book.enqueue(errand("one.test", this, hangs));
        await().until(() -> silent.get() == LaneBook.AT_FIRST);
        clock.pass(Duration.ofSeconds(61));
        for (int i = 0; i < 10; i++) book.enqueue(errand("one.test", this, hangs));
        assertThat(book.talking()).isEqualTo(LaneBook.AT_FIRST);
        book.tick();
        await().until(() -> silent.get() == 10);
        clock.pass(Duration.ofSeconds(61));
        book.tick();
        assertThat(book.talking()).isEqualTo(10);
        assertThat(book.traffic().hanging()).isEqualTo(10);
        gate.countDown();
        await().until(() -> book.talking() == 0);
    }

    @Test
    void whoIsOnItsWayForLongBeforeItsDotOrBehindItsAnswerKeepsItsPlaceInTheWindow() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < LaneBook.AT_FIRST; i++) {
            boolean answers = i > 0;
            book.enqueue(errand("one.test", this, turn -> {
                if (answers) {
                    turn.dotted();
                    turn.answered();
                }
                silent.incrementAndGet();
                gate.await();
            }));
        }
        await().until(() -> silent.get() == LaneBook.AT_FIRST);
        clock.pass(Duration.ofSeconds(61));
        book.enqueue(errand("one.test", this, _ -> {}));
        book.tick();
        assertThat(book.talking()).isEqualTo(LaneBook.AT_FIRST);
        gate.countDown();
        await().until(() -> book.talking() == 0);
    }

    @Test
    void whileTurnsAreScarceADestinationNobodyKnowsGetsOne() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            for (int mail = 0; mail < 3; mail++) book.enqueue(errand("first" + i + ".test", this, _ -> gate.await()));
        }
        for (int mail = 0; mail < 3; mail++) book.enqueue(errand("late.test", this, _ -> gate.await()));
        await().until(() -> begun.contains("late.test"));
        assertThat(begun.stream().filter("late.test"::equals)).hasSize(1);
        gate.countDown();
    }

    @Test
    void aSlowRelayThatTakesAllMailKeepsItWaitingWhereItIs() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < LaneBook.AT_FIRST + 20; i++) book.enqueue(errand(RELAY, this, _ -> gate.await()));
        for (int i = 0; i < LaneBook.AT_FIRST + 2; i++) book.enqueue(errand("slow.test", this, _ -> gate.await()));
        clock.pass(PATIENCE.plusSeconds(1));
        book.enqueue(errand(RELAY, this, _ -> gate.await()));
        book.tick();
        assertThat(refused).as("the two of slow.test").hasSize(2);
        gate.countDown();
    }

    @Test
    void aRelayThatRestsForAMomentKeepsItsMailAndOneThatRestsForLongDoesNot() {
        for (int i = 0; i < 5; i++) book.enqueue(errand(RELAY, this, turn -> turn.over(Sign.ILL)));
        await().until(() -> book.restsUntil(RELAY).isAfter(clock.instant()));
        for (int i = 0; i < 20; i++) book.enqueue(errand(RELAY, this, turn -> turn.over(Sign.ILL)));
        assertThat(refused).isEmpty();
        while (book.restsUntil(RELAY).isBefore(clock.instant().plus(PATIENCE))) {
            clock.pass(Duration.ofSeconds(1));
            book.tick(); // a probe fails each time its rest is over, and each rest is longer
        }
        book.tick();
        assertThat(refused).isNotEmpty().containsOnly(Reason.DESTINATION_RESTS);
    }

    @Test
    void aSlowDestinationHoldsItsShareAndNoMore() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < LaneBook.AT_FIRST + 10; i++)
            book.enqueue(errand("slow.test", this, _ -> gate.await())); // 10 wait: the share
        clock.pass(Duration.ofSeconds(20));
        book.enqueue(errand("slow.test", this, _ -> gate.await()));
        assertThat(refused).containsExactly(Reason.CANNOT_START);
        gate.countDown();
    }

    @Test
    void aLongQueueThatMovesIsNotSlow() {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) book.enqueue(errand("busy.test", this, turn -> turn.over(Sign.WELL)));
        await().until(() -> book.talking() == 0);
        for (int i = 0; i < 30; i++) book.enqueue(errand("busy.test", this, _ -> gate.await()));
        clock.pass(Duration.ofSeconds(6)); // the first in line is behind, but a moment ago 18 started in five seconds
        book.enqueue(errand("busy.test", this, _ -> gate.await()));
        assertThat(refused).isEmpty();
        gate.countDown();
    }

    @Test
    void aDestinationThatSeemsDeadIsLeftAlone() {
        for (int i = 0; i < 5; i++) {
            int before = begun.size();
            book.enqueue(errand("dead.test", this, turn -> turn.over(Sign.ILL)));
            await().until(() -> begun.size() > before && book.talking() == 0);
        }
        assertThat(book.restsUntil("dead.test")).isAfter(clock.instant());
        book.enqueue(errand("dead.test", this, turn -> turn.over(Sign.WELL)));
        assertThat(begun).hasSize(5);
        clock.pass(Duration.ofSeconds(13));
        book.tick();
        await().until(() -> begun.size() == 6);
    }

    @Test
    void nobodyStartsWhileTheLedgerIsBehind() {
        mayStart.set(false);
        book.enqueue(errand("one.test", this, turn -> turn.over(Sign.WELL)));
        assertThat(begun).isEmpty();
        mayStart.set(true);
        book.tick();
        await().until(() -> begun.size() == 1);
    }

    @Test
    void whoWaitsInALongQueueIsLeftThereWhenTheWorkerStops() {
        var broken = new AtomicInteger();
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 20_000; i++) {
            book.enqueue(errand("long.test", this, turn -> {
                try {
                    gate.await();
                } finally {
                    broken.incrementAndGet();
                    turn.over(Sign.WELL);
                    broken.decrementAndGet();
                }
            }));
        }
        await().until(() -> begun.size() == LaneBook.AT_FIRST);
        book.close();
        await().until(() -> book.talking() == 0 && broken.get() == 0);
        assertThat(begun).hasSize(LaneBook.AT_FIRST);
    }

    @Test
    void whoLosesItsPartitionIsTakenOutOfLine() {
        mayStart.set(false);
        var leaving = new Object();
        book.enqueue(errand("one.test", leaving, turn -> turn.over(Sign.WELL)));
        book.enqueue(errand("two.test", this, turn -> turn.over(Sign.WELL)));
        book.withdraw(leaving);
        mayStart.set(true);
        book.tick();
        await().until(() -> begun.contains("two.test") && book.talking() == 0);
        assertThat(begun).containsExactly("two.test");
    }

    // LEDGER L12: when the list of finished offsets is full.
    @Test
    void whoHasNotStartedCanBeSentElsewhereAtOnce() {
        mayStart.set(false);
        var full = new Object();
        book.enqueue(errand("one.test", full, turn -> turn.over(Sign.WELL)));
        book.enqueue(errand("two.test", full, turn -> turn.over(Sign.WELL)));
        book.enqueue(errand("two.test", this, turn -> turn.over(Sign.WELL)));
        book.turnAway(full);
        assertThat(refused).containsExactly(Reason.CANNOT_START, Reason.CANNOT_START);
        mayStart.set(true);
        book.tick();
        await().until(() -> begun.size() == 1 && book.talking() == 0);
    }

    // LEDGER L19
    @Test
    void aFewSuspectsTalkAtOnceAndEverybodyElseGoesOnBesideThem() throws Exception {
        var gate = new CountDownLatch(1);
        for (int i = 0; i < 40; i++)
            book.enqueue(errand("suspect" + i + ".test", this, Suspicion.SHARED, _ -> gate.await()));
        book.enqueue(errand("other.test", this, _ -> {}));
        await().until(() -> begun.contains("other.test") && begun.size() == Suspects.TOGETHER + 1);
        book.tick();
        assertThat(book.talking()).isEqualTo(Suspects.TOGETHER);
        gate.countDown();
        await().until(() -> {
            book.tick();
            return begun.size() == 41;
        });
        assertThat(acquitted).isEmpty();
    }

    @Test
    void aStrongSuspectTalksWhenNoOtherSuspectDoesAndNoOtherBeginsBesideIt() throws Exception {
        var first = new CountDownLatch(1);
        var strong = new CountDownLatch(1);
        book.enqueue(errand("first.test", this, Suspicion.SHARED, _ -> first.await()));
        book.enqueue(errand("strong.test", this, Suspicion.STRONG, _ -> strong.await()));
        await().until(() -> begun.contains("first.test"));
        book.tick();
        assertThat(begun).containsExactly("first.test");
        first.countDown();
        await().until(() -> {
            book.tick();
            return begun.contains("strong.test");
        });
        book.enqueue(errand("shared.test", this, Suspicion.SHARED, _ -> {}));
        book.enqueue(errand("other.test", this, _ -> {}));
        await().until(() -> begun.contains("other.test"));
        book.tick();
        assertThat(begun).doesNotContain("shared.test");
        strong.countDown();
        await().until(() -> {
            book.tick();
            return begun.contains("shared.test");
        });
    }

    @Test
    void aSuspectGoesBeforeTheOthersOfItsDestinationAndHoldsNobodyUp() throws Exception {
        var gate = new CountDownLatch(1);
        book.enqueue(errand("strong.test", this, Suspicion.STRONG, _ -> gate.await()));
        await().until(() -> begun.contains("strong.test"));
        book.enqueue(errand("one.test", this, Suspicion.SHARED, _ -> {}));
        book.enqueue(errand("one.test", this, _ -> {}));
        await().until(() -> begun.contains("one.test"));
        gate.countDown();
        await().until(() -> {
            book.tick();
            return begun.size() == 3;
        });
    }

    @Test
    void aSuspectIsRecalledLikeAnybodyElse() throws Exception {
        var gate = new CountDownLatch(1);
        var mine = new Object();
        book.enqueue(errand("strong.test", this, Suspicion.STRONG, _ -> gate.await()));
        await().until(() -> begun.contains("strong.test"));
        book.enqueue(errand("suspect.test", mine, Suspicion.SHARED, _ -> {}));
        book.enqueue(errand("kept.test", mine, Suspicion.SHARED, _ -> {}));
        assertThat(book.recall(this, errand -> errand.suspicion() == Suspicion.SHARED))
                .isEmpty(); // another's
        assertThat(book.recall(mine, errand -> errand.destination().equals("suspect.test")))
                .extracting(Errand::destination)
                .containsExactly("suspect.test");
        book.turnAway(mine);
        assertThat(refused).isEmpty(); // a suspect's place is here
        gate.countDown();
        await().until(() -> {
            book.tick();
            return begun.contains("kept.test");
        });
        assertThat(begun).containsExactly("strong.test", "kept.test");
    }

    @Test
    void aSuspectThatTalksForHalfAMinuteIsAcquittedAndTheNextOnesGoOn() throws Exception {
        var gate = new CountDownLatch(1);
        book.enqueue(errand("suspect.test", this, Suspicion.STRONG, _ -> gate.await()));
        await().until(() -> begun.contains("suspect.test"));
        book.enqueue(errand("other.test", this, Suspicion.STRONG, _ -> {}));
        clock.pass(Duration.ofSeconds(31));
        book.tick();
        await().until(() -> begun.contains("other.test"));
        assertThat(acquitted).containsExactly("suspect.test");
        gate.countDown();
        await().until(() -> book.talking() == 0);
    }

    private interface Talk {
        void with(Turn turn) throws InterruptedException;
    }

    private Errand errand(String destination, Object client, Talk talk) {
        return errand(destination, client, Suspicion.NONE, talk);
    }

    private Errand errand(String destination, Object client, Suspicion suspicion, Talk talk) {
        return new Errand() {
            @Override
            public Suspicion suspicion() {
                return suspicion;
            }

            @Override
            public void acquitted() {
                acquitted.add(destination);
            }

            @Override
            public String destination() {
                return destination;
            }

            @Override
            public boolean isRelayed() {
                return destination.equals(RELAY);
            }

            @Override
            public boolean isSpread() {
                return false;
            }

            @Override
            public int octets() {
                return 100;
            }

            @Override
            public Object client() {
                return client;
            }

            @Override
            public void turnedAway(Reason reason, Instant notBefore) {
                refused.add(reason);
            }

            @Override
            public void run(Turn turn) {
                begun.add(destination);
                try {
                    talk.with(turn);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
