package io.postmesh.delivery.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.delivery.DeliveryConfig;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
    private static final Instant ACCEPTED = Instant.parse("2026-11-24T10:00:00Z");
    private final Random random = new Random(3);

    private static RetrySchedule standard() throws BadSettings {
        var settings = Settings.load(Map.of(), Map.of());
        var schedule = DeliveryConfig.from(settings, Path.of("waiting")).schedule();
        settings.check();
        return schedule;
    }

    @ParameterizedTest
    @CsvSource({"1, PT1M", "2, PT5M", "3, PT15M", "4, PT30M", "5, PT1H", "6, PT2H", "7, PT4H", "8, PT4H", "30, PT4H"})
    void afterEachAttemptItWaitsThisLongAFifthMoreOrLess(int attempts, Duration wait) throws BadSettings {
        var schedule = standard();
        var shortest = Duration.ofDays(1);
        var longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            var next = (RetrySchedule.TryAgain) schedule.after(attempts, ACCEPTED, ACCEPTED, random);
            var waited = Duration.between(ACCEPTED, next.due());
            shortest = waited.compareTo(shortest) < 0 ? waited : shortest;
            longest = waited.compareTo(longest) > 0 ? waited : longest;
        }
        long ms = wait.toMillis();
        assertThat(shortest.toMillis()).isBetween(ms * 80 / 100, ms * 82 / 100);
        assertThat(longest.toMillis()).isBetween(ms * 118 / 100, ms * 120 / 100 + 1);
    }

    // RFC 5321 §4.5.4.1: give up after four to five days.
    @Test
    void afterFiveDaysItGivesUpAndJustBeforeItTriesALastTime() throws BadSettings {
        var schedule = standard();
        var end = ACCEPTED.plus(Duration.ofDays(5));
        assertThat(schedule.after(30, ACCEPTED, end.minusSeconds(60), random))
                .isEqualTo(new RetrySchedule.TryAgain(end));
        assertThat(schedule.after(31, ACCEPTED, end, random)).isEqualTo(new RetrySchedule.GiveUp());
        assertThat(schedule.isOver(ACCEPTED, end)).isTrue();
        assertThat(schedule.isOver(ACCEPTED, end.minusMillis(1))).isFalse();
    }

    @Test
    void aScheduleHasAWait() {
        assertThatThrownBy(() -> new RetrySchedule(List.of(), Duration.ofDays(5)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneOutOfRangeIsToldTheRange() {
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_RETRY_SCHEDULE", "0s"));
        DeliveryConfig.from(settings, Path.of("waiting"));
        assertThatThrownBy(settings::check).hasMessageContaining("from 1 to 1000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0s", "1w", "-5m", "5", ",", "1m;5m"})
    void aScheduleThatIsNoneIsRefusedByName(String text) {
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_RETRY_SCHEDULE", text));
        DeliveryConfig.from(settings, Path.of("waiting"));
        assertThatThrownBy(settings::check)
                .isInstanceOf(BadSettings.class)
                .hasMessageContaining("POSTMESH_RETRY_SCHEDULE");
    }
}
