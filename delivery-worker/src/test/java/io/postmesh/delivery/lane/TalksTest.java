package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TalksTest {
    private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");
    private static final Instant LATER = BEGIN.plusSeconds(61);
    private static final int LIMIT = 8;
    private static final Errand ERRAND = new Plain();

    private final Lane lane = new Lane("one.test", false, LIMIT, Duration.ZERO, Optional.empty(), new Suspects());

    @Test
    void whoWaitsForTheAnswerToItsDotForAMinuteIsOutOfTheWindowAndBackWhenItComes() {
        var talks = new Talks(100);
        var some = begin(talks, 3);
        some.get(0).dotted(BEGIN);
        some.get(1).dotted(BEGIN.plusSeconds(10)); // its content took its time
        talks.tick(BEGIN.plusSeconds(59));
        assertThat(lane.spared).isZero();
        talks.tick(LATER);
        assertThat(lane.spared).isOne();
        talks.tick(BEGIN.plusSeconds(71));
        assertThat(lane.spared).isEqualTo(2);
        assertThat(talks.hanging()).isEqualTo(2);
        some.get(0).answered();
        talks.tick(BEGIN.plusSeconds(72));
        assertThat(lane.spared).isOne();
        talks.end(some.get(1));
        assertThat(lane.spared).isZero();
        assertThat(lane.talking).isEqualTo(2);
    }

    @Test
    void aLaneAsksForNoMoreThanItsLimitHoweverManyHang() {
        var talks = new Talks(100);
        for (var talk : begin(talks, LaneBook.AT_FIRST)) talk.dotted(BEGIN);
        for (int i = 0; i < 20; i++) lane.add(ERRAND, BEGIN);
        assertThat(lane.need(LATER)).isEqualTo(LaneBook.AT_FIRST);
        assertThat(lane.canStart(LATER)).isFalse();
        talks.tick(LATER);
        assertThat(lane.need(LATER)).isEqualTo(LIMIT);
        assertThat(lane.startable(LATER)).isEqualTo(LIMIT - LaneBook.AT_FIRST);
    }

    @Test
    void thoseWhoHangAreOutOfTheirWindowsForHalfTheAttemptsAtMost() {
        var talks = new Talks(4);
        for (var talk : begin(talks, 5)) talk.dotted(BEGIN);
        talks.tick(LATER);
        assertThat(talks.hanging()).isEqualTo(5);
        assertThat(lane.spared).isEqualTo(2);
    }

    private List<Talk> begin(Talks talks, int many) {
        var begun = new ArrayList<Talk>();
        for (int i = 0; i < many; i++) begun.add(talks.begin(lane, BEGIN));
        return begun;
    }

    private record Plain() implements Errand {
        @Override
        public String destination() {
            return "one.test";
        }

        @Override
        public boolean isRelayed() {
            return false;
        }

        @Override
        public boolean isSpread() {
            return true;
        }

        @Override
        public int octets() {
            return 1;
        }

        @Override
        public Object client() {
            return this;
        }

        @Override
        public void run(Turn turn) {}

        @Override
        public Suspicion suspicion() {
            return Suspicion.NONE;
        }

        @Override
        public void acquitted() {}

        @Override
        public void turnedAway(Reason reason, Instant notBefore) {}
    }
}
