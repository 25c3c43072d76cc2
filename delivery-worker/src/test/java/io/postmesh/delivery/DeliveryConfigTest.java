package io.postmesh.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryConfigTest {
    @Test
    void withoutALimitThereAreTenConnectionsAndNoRate() {
        var config = config(Map.of());
        assertThat(config.connections()).isEqualTo(10);
        assertThat(config.rates().of("any.test")).isEmpty();
    }

    @Test
    void postfixNamesMeanTheSame() {
        var config = config(Map.of(
                "POSTFIX_default_destination_concurrency_limit", "3", "POSTFIX_smtp_destination_rate_delay", "2s"));
        assertThat(config.connections()).isEqualTo(3);
        assertThat(config.rates().of("any.test")).contains(new Rate(1, Duration.ofSeconds(2), 1));
    }

    @ParameterizedTest
    @CsvSource({"5, PT5S", "5s, PT5S", "1m, PT1M"})
    void aDelayIsInSecondsWhenItDoesNotSay(String text, Duration delay) {
        assertThat(config(Map.of("POSTFIX_smtp_destination_rate_delay", text))
                        .rates()
                        .of("any.test"))
                .contains(new Rate(1, delay, 1));
    }

    @ParameterizedTest
    @CsvSource({"0", "0s"})
    void noDelayIsNoRate(String text) {
        assertThat(config(Map.of("POSTFIX_smtp_destination_rate_delay", text))
                        .rates()
                        .of("any.test"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POSTMESH_DESTINATION_CONNECTIONS, 5, POSTFIX_default_destination_concurrency_limit, 6",
        "POSTMESH_DESTINATION_RATE, 5/s, POSTFIX_smtp_destination_rate_delay, 1s"
    })
    void twoNamesForOneThingAreAProblem(String ours, String value, String postfix, String other) {
        var settings = Settings.load(Map.of(), Map.of(ours, value, postfix, other));
        var _ = DeliveryConfig.from(settings, Path.of("waiting"));
        assertThatThrownBy(settings::checkRead)
                .isInstanceOf(BadSettings.class)
                .hasMessageContaining("says the same as " + ours);
    }

    private static DeliveryConfig config(Map<String, String> env) {
        var settings = Settings.load(Map.of(), env);
        var config = DeliveryConfig.from(settings, Path.of("waiting"));
        assertThat(settings.describe()).isNotEmpty();
        return config;
    }
}
