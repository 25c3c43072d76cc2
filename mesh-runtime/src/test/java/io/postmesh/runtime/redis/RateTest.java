package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @ParameterizedTest
    @CsvSource({
        "100/s, 100, PT1S, 100",
        "6000/m, 6000, PT1M, 100",
        "1000/h, 1000, PT1H, 1",
        "50000/d, 50000, PT24H, 1",
        "100/s+200, 100, PT1S, 200",
    })
    void rates(String text, long limit, Duration period, long burst) {
        assertThat(Rate.parse(text)).isEqualTo(new Rate(limit, period, burst));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "100",
                "/s",
                "100/",
                "100/w",
                "x/s",
                "0/s",
                "-1/s",
                "100/s+",
                "100/s+0",
                "100+5/s",
                "1000000/s",
                "99999999999/s"
            })
    void whatIsNoRateSaysHowToWriteOne(String text) {
        assertThatThrownBy(() -> Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneOfFourWorkersGetsAFifthOfALimit() {
        var share = Rate.parse("100/s+40").share(4);
        assertThat(share).isEqualTo(new Rate(100, Duration.ofSeconds(5), 8));
    }
}
