package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.outcome.Step;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsTest {
    // RFC 5321 §4.5.3.2; where it is silent, or we are shorter, what other mail systems do.
    @ParameterizedTest
    @CsvSource({
        "CONNECT,  PT30S",
        "BANNER,   PT1M",
        "HELLO,    PT5M",
        "STARTTLS, PT1M",
        "AUTH,     PT5M",
        "RESET,    PT20S",
        "MAIL,     PT5M",
        "RCPT,     PT5M",
        "DATA,     PT2M",
        "CONTENT,  PT10M"
    })
    void eachStepHasItsTime(Step step, Duration time) {
        assertThat(Timeouts.STANDARD.of(step)).isEqualTo(time);
    }

    @org.junit.jupiter.api.Test
    void aBlockOfContentHasThreeMinutesAndFarewellsAreShort() {
        assertThat(Timeouts.STANDARD.block()).isEqualTo(Duration.ofMinutes(3)); // §4.5.3.2.5
        assertThat(Timeouts.STANDARD.quit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(Timeouts.STANDARD.idle()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }
}
