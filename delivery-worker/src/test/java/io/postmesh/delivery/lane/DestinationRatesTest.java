package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.runtime.redis.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationRatesTest {
    @Test
    void aRateForAllAndOthersForSome() {
        var rates = DestinationRates.parse("50/s, GMail.com=20/s example.org=600/h+100");
        assertThat(rates.of("gmail.com")).contains(Rate.parse("20/s"));
        assertThat(rates.of("example.org")).contains(Rate.parse("600/h+100"));
        assertThat(rates.of("else.test")).contains(Rate.parse("50/s"));
    }

    @Test
    void whoIsNotNamedHasNoRateWhereThereIsNoneForAll() {
        assertThat(DestinationRates.parse("gmail.com=20/s").of("else.test")).isEmpty();
        assertThat(DestinationRates.NONE.of("gmail.com")).isEmpty();
    }

    @Test
    void aDelayLetsOneGoAtATime() {
        assertThat(DestinationRates.delay(Duration.ofSeconds(5)).of("any.test"))
                .contains(new Rate(1, Duration.ofSeconds(5), 1));
        assertThat(DestinationRates.delay(Duration.ZERO)).isEqualTo(DestinationRates.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "gmail.com", "gmail.com=", "=20/s", "-=20/s", "1/s 2/s", "a.test=1/s A.test=2/s"})
    void whatIsNoRateSaysWhatToWrite(String text) {
        assertThatThrownBy(() -> DestinationRates.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
