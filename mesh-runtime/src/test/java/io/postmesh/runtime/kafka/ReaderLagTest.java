package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReaderLagTest {
    private static final OptionalLong NONE = OptionalLong.of(0);
    private static final OptionalLong SOME = OptionalLong.of(7);
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Instant now = Instant.parse("2026-11-27T10:00:00Z");
    private final ReaderLag lag = new ReaderLag(meters, "mail.signed", "mail-delivery", new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    });

    @Test
    void onePartitionThatStandsIsSeenBesideOthersThatFlow() {
        lag.look(Map.of(0, NONE, 1, NONE));
        later(100);
        lag.read(0, now.toEpochMilli());
        lag.look(Map.of(0, NONE, 1, SOME));
        assertThat(seconds()).isEqualTo(100);
        assertThat(records()).isEqualTo(7);
        lag.read(1, now.minusSeconds(40).toEpochMilli());
        assertThat(seconds()).isEqualTo(40);
        lag.look(Map.of(0, SOME, 1, NONE));
        assertThat(seconds()).isZero();
    }

    @Test
    void onePartitionWhoseEndIsUnknownKeepsNoOtherFromItsEnd() {
        lag.look(Map.of(0, NONE, 1, NONE));
        later(100);
        assertThat(lag.look(Map.of(0, NONE, 1, UNKNOWN))).isFalse();
        assertThat(seconds()).isEqualTo(100);
        assertThat(lag.look(Map.of(0, NONE))).isTrue();
        assertThat(seconds()).isZero();
    }

    @Test
    void aPartitionThatWasTakenAwayIsForgotten() {
        lag.read(0, now.minusSeconds(500).toEpochMilli());
        lag.look(Map.of(0, SOME, 1, NONE));
        assertThat(seconds()).isEqualTo(500);
        lag.look(Map.of(1, NONE));
        assertThat(seconds()).isZero();
        assertThat(records()).isZero();
        later(60);
        lag.look(Map.of(0, SOME, 1, NONE)); // and when it comes back, it is new
        assertThat(seconds()).isZero();
    }

    @Test
    void aPartitionOfWhichNothingIsEverReadCountsFromWhenItCame() {
        lag.look(Map.of(0, UNKNOWN));
        later(30);
        lag.look(Map.of(0, SOME));
        assertThat(seconds()).isEqualTo(30);
        lag.read(0, now.minusSeconds(3_600).toEpochMilli()); // its first record tells how old the rest may be
        assertThat(seconds()).isEqualTo(3_600);
    }

    @Test
    void aReaderThatDoesNotLookAnyMoreFallsBehind() {
        assertThat(seconds()).isNaN();
        lag.look(Map.of(0, NONE));
        later(120);
        assertThat(seconds()).isEqualTo(120);
    }

    private void later(long seconds) {
        now = now.plusSeconds(seconds);
    }

    private double seconds() {
        return meters.get("postmesh_kafka_consumer_lag_seconds").gauge().value();
    }

    private double records() {
        return meters.get("postmesh_kafka_consumer_lag_records").gauge().value();
    }
}
