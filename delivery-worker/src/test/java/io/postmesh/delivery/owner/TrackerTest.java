package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which offsets are finished, and how the next owner learns of it (LEDGER L11).
class TrackerTest {
    @Test
    void theLowWatermarkIsTheFirstOpenOffset() {
        var tracker = Tracker.from(100);
        for (long offset = 100; offset < 105; offset++)
            assertThat(tracker.arrives(offset)).isTrue();
        tracker.finish(101);
        tracker.finish(103);
        assertThat(tracker.low()).isEqualTo(100);
        tracker.finish(100);
        assertThat(tracker.low()).isEqualTo(102);
        tracker.finish(102);
        tracker.finish(104);
        assertThat(tracker.low()).isEqualTo(105);
        assertThat(tracker.openCount()).isZero();
    }

    @Test
    void theNextOwnerTakesInOnlyWhatWasOpen() {
        var tracker = Tracker.from(0);
        for (long offset = 0; offset < 6; offset++) tracker.arrives(offset);
        for (long offset : new long[] {0, 2, 3, 5}) tracker.finish(offset);
        var next = new Tracker(tracker.low(), tracker.runs());
        assertThat(tracker.low()).isEqualTo(1);
        var taken = new ArrayList<Long>();
        for (long offset = 1; offset < 8; offset++) if (next.arrives(offset)) taken.add(offset);
        assertThat(taken).containsExactly(1L, 4L, 6L, 7L);
    }

    @Test
    void whatNeverArrivesHoldsNothingUp() {
        var tracker = Tracker.from(0);
        tracker.arrives(0);
        tracker.passed(3); // two transaction markers
        tracker.arrives(3);
        tracker.finish(0);
        assertThat(tracker.low()).isEqualTo(3);
        tracker.finish(3);
        tracker.passed(9);
        assertThat(tracker.low()).isEqualTo(9);
    }

    @Test
    void whatAFormerOwnerLeftOpenAndNeverArrivesIsFinishedByPassing() {
        var tracker = Tracker.from(0);
        for (long offset = 0; offset < 4; offset++) tracker.arrives(offset);
        tracker.finish(1);
        var next = new Tracker(tracker.low(), tracker.runs());
        next.arrives(2); // offset 0 was an aborted record after all
        assertThat(next.low()).isEqualTo(2);
    }

    @Test
    void aRecordIsTakenInOnce() {
        var tracker = Tracker.from(0);
        assertThat(tracker.arrives(0)).isTrue();
        assertThat(tracker.arrives(0)).isFalse();
    }

    @Test
    void aListThatDoesNotFitSaysSoAndForgetsNoOpenOffset() {
        var tracker = Tracker.from(0);
        for (long offset = 0; offset < 10_000; offset++) tracker.arrives(offset);
        for (long offset = 1; offset < 10_000; offset += 2) tracker.finish(offset);
        var runs = tracker.runs();
        assertThat(runs.whole()).isFalse();
        assertThat(runs.bytes().length).isLessThanOrEqualTo(Runs.MAX_BYTES);
        var next = new Tracker(tracker.low(), runs);
        for (long offset = 0; offset < 10_000; offset += 2)
            assertThat(next.arrives(offset)).isTrue();
    }

    @Test
    void itAgreesWithASetWhateverTheOrder() {
        var random = new Random(4);
        for (int round = 0; round < 50; round++) {
            var tracker = Tracker.from(7);
            var open = new TreeSet<Long>();
            long next = 7;
            for (int i = 0; i < 3_000; i++) {
                if (open.isEmpty() || random.nextInt(5) < 3) {
                    next += random.nextInt(20) == 0 ? random.nextInt(1_000) : 0; // a gap
                    assertThat(tracker.arrives(next)).isTrue();
                    open.add(next++);
                } else {
                    var some = open.ceiling(7 + random.nextLong(next - 7));
                    var finished = some == null ? open.first() : some;
                    open.remove(finished);
                    tracker.finish(finished);
                }
                assertThat(tracker.low()).isEqualTo(open.isEmpty() ? next : open.first());
            }
            var heir = new Tracker(tracker.low(), tracker.runs());
            for (long offset : open) assertThat(heir.arrives(offset)).isTrue();
        }
    }
}
