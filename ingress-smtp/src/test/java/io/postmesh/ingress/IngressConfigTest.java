package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IngressConfigTest {
    @ParameterizedTest
    @CsvSource({
        "POSTMESH_BODY_INLINE_MAX, 0",
        "POSTMESH_BODY_INLINE_MAX, 3MiB", // larger than a record may be
        "POSTMESH_BODY_INLINE_MAX, 4GiB", // 0 to an int
        "POSTMESH_INTAKE_MEMORY, 0",
    })
    void aSizeThatCannotWorkIsAProblemAndNotAFaultAtEveryMessage(String name, String value) throws Exception {
        var settings = Settings.load(Map.of("ALLOW_EMPTY_SENDER_DOMAINS", "true", name, value), Map.of());
        IngressConfig.from(settings);
        assertThatThrownBy(settings::check).isInstanceOf(BadSettings.class).hasMessageContaining(name);
    }

    @Test
    void withoutAWordOnSendersThereIsNoDoor() throws Exception {
        var settings = Settings.load(Map.of(), Map.of());
        assertThatThrownBy(() -> IngressConfig.from(settings))
                .isInstanceOf(NoSenderRule.class)
                .hasMessageContaining("ALLOWED_SENDER_DOMAINS")
                .hasMessageContaining("ALLOW_EMPTY_SENDER_DOMAINS");
    }

    @Test
    void theDefaultsAreNoProblem() throws Exception {
        var settings = Settings.load(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test"), Map.of());
        var config = IngressConfig.from(settings);
        settings.check();
        assertThat(config.inlineMax()).isEqualTo(128 * 1024);
    }

    @Test
    void aDoorAmongOthersHasTimeForMessagesInProgressAndTheOnlyOneIsBackSoon() throws Exception {
        var settings = Settings.load(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test"), Map.of());
        assertThat(IngressConfig.amongOthers(settings).deadlines().stop()).hasSeconds(20);
        assertThat(IngressConfig.from(settings).deadlines().stop()).hasSeconds(2);
    }
}
