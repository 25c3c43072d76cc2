package io.postmesh.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditorTest {
    /// What is not audited for hours rings (PostmeshNoAudit), unless nobody wants it to be.
    @Test
    void oneThatIsSwitchedOffTellsNoAge() {
        assertThat(metersWith(Duration.ZERO)).isZero();
        assertThat(metersWith(Duration.ofHours(1))).isPositive();
    }

    private static int metersWith(Duration every) {
        var registry = new SimpleMeterRegistry();
        var config = new AuditConfig(Duration.ofHours(24), every);
        var kafka = KafkaSettings.oneNode("127.0.0.1:1");
        try (var _ = Auditor.open(kafka, config, registry, Clock.systemUTC(), () -> false)) {
            return registry.getMeters().size();
        }
    }
}
