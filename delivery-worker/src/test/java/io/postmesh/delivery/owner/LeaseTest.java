package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// LEDGER L13: send time of the last acknowledged commit, plus the session time-out, less 3 s.
class LeaseTest {
    private long nanos = 1_000;
    private Instant wall = Instant.parse("2026-11-26T10:00:00Z");
    private final Lease lease = new Lease(Duration.ofSeconds(9), () -> nanos, new Clock() {
        @Override
        public Instant instant() {
            return wall;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    @Test
    void withoutACommitThereIsNone() {
        assertThat(lease.isGood()).isFalse();
    }

    @Test
    void itCountsFromTheSendingOfTheCommitNotFromItsAnswer() {
        var sent = lease.now();
        pass(Duration.ofSeconds(4));
        lease.confirmed(sent);
        pass(Duration.ofMillis(1_999));
        assertThat(lease.isGood()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(lease.isGood()).isFalse();
    }

    @Test
    void anAnswerThatComesOutOfTurnDoesNotShortenIt() {
        var first = lease.now();
        pass(Duration.ofSeconds(3));
        lease.confirmed(lease.now());
        lease.confirmed(first);
        pass(Duration.ofSeconds(4));
        assertThat(lease.isGood()).isTrue();
    }

    @Test
    void aClockThatIsSetBackGivesNoTime() {
        lease.confirmed(lease.now());
        pass(Duration.ofSeconds(7));
        wall = wall.minusSeconds(3_600);
        assertThat(lease.isGood()).isFalse();
    }

    @Test
    void aMachineThatSleptHasNone() {
        lease.confirmed(lease.now());
        wall = wall.plusSeconds(60); // the other clock stood still
        assertThat(lease.isGood()).isFalse();
    }
}
