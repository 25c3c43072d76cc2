package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PurseTest {
    private static final Duration QUARTER = Duration.ofMillis(250);

    private final Purse purse = new Purse(Optional.of(Rate.parse("100/s")));
    private Instant now = Instant.parse("2026-11-26T10:00:00Z");

    @Test
    void withoutARateNobodyIsAsked() {
        var free = new Purse(Optional.empty());
        assertThat(free.hasOne(now)).isTrue();
        assertThat(free.asks(now)).isFalse();
        assertThat(free.isForgettable(now)).isTrue();
    }

    @Test
    void tokensAreSpentOneByOneAndThenAskedForAgain() {
        assertThat(purse.hasOne(now)).isFalse();
        fill(new Tokens(2, Duration.ZERO));
        purse.spend();
        assertThat(purse.hasOne(now)).isTrue();
        assertThat(purse.asks(now)).isFalse();
        purse.spend();
        assertThat(purse.hasOne(now)).isFalse();
        assertThat(purse.asks(now)).isTrue();
        assertThat(purse.asks(now)).as("one question at a time").isFalse();
    }

    @Test
    void tokensThatAreNotSpentLapse() {
        fill(new Tokens(25, Duration.ZERO));
        now = now.plusMillis(999);
        assertThat(purse.hasOne(now)).isTrue();
        now = now.plusMillis(1);
        assertThat(purse.hasOne(now)).isFalse();
    }

    @Test
    void whoIsToldToWaitDoesNotAskBefore() {
        fill(new Tokens(0, QUARTER));
        now = now.plus(QUARTER).minusMillis(1);
        assertThat(purse.asks(now)).isFalse();
        assertThat(purse.isForgettable(now)).isFalse();
        now = now.plusMillis(1);
        assertThat(purse.isForgettable(now)).isTrue();
        assertThat(purse.asks(now)).isTrue();
    }

    private void fill(Tokens tokens) {
        assertThat(purse.asks(now)).isTrue();
        purse.filled(tokens, now, now);
    }
}
