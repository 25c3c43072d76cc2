package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HealthWatchTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(HealthWatch.class);
    private static final String BEGINS = "WARN not ready: policy: Kafka has not answered for 9 s";

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Health health = new Health();
    private final HealthWatch watch = new HealthWatch(health);
    private Optional<String> trouble = Optional.empty();
    private long now = 1_000_000_000_000L;

    @BeforeEach
    void listen() {
        said.start();
        LOG.addAppender(said);
        health.ready("policy", () -> trouble);
    }

    @AfterEach
    void forget() {
        LOG.detachAppender(said);
    }

    @Test
    void aTroubleIsALineWhenItBeginsAndOneWhenItIsOver() {
        lookFor(Duration.ofSeconds(20));
        assertThat(lines()).isEmpty();
        for (int seconds = 9; seconds < 49; seconds += 2) {
            trouble = Optional.of("Kafka has not answered for " + seconds + " s");
            lookFor(Duration.ofSeconds(2));
        }
        assertThat(lines()).containsExactly(BEGINS);
        trouble = Optional.empty();
        lookFor(Duration.ofMinutes(1));
        assertThat(lines()).containsExactly(BEGINS, "INFO ready again: policy, after 38 s");
    }

    @Test
    void oneThatComesAndGoesIsOne() {
        for (int times = 0; times < 50; times++) {
            trouble = Optional.of("Kafka has not answered for 9 s");
            lookFor(Duration.ofSeconds(2));
            trouble = Optional.empty();
            lookFor(HealthWatch.CALM.minusSeconds(4));
        }
        assertThat(lines()).containsExactly(BEGINS);
    }

    @Test
    void whileTheProcessIsNotLiveNothingIsOver() {
        trouble = Optional.of("Kafka has not answered for 9 s");
        lookFor(Duration.ofSeconds(2));
        health.live("kafka", () -> Optional.of("gave up"));
        lookFor(Duration.ofMinutes(1));
        assertThat(lines()).containsExactly(BEGINS, "WARN not ready: kafka: gave up");
    }

    private void lookFor(Duration time) {
        for (long left = time.toSeconds(); left > 0; left -= 2) {
            watch.look(now);
            now += Duration.ofSeconds(2).toNanos();
        }
    }

    private List<String> lines() {
        return said.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }
}
