package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeldByLimitTest {
    @Test
    void mailOverTheLimitOfItsDomainWaitsItsTurnAndNeverBounces() throws Exception {
        try (var mesh = TestMesh.with("POSTMESH_SENDER_DOMAIN_RATE", "1/s+2").start()) {
            var begun = Instant.now();
            for (int i = 0; i < 5; i++) mesh.submit("ann@demo.test", "held" + i + "@limit.test");
            var mails = mesh.sink().inbox().await(5, TestMesh.SOON);
            assertThat(mails).allMatch(mail -> mail.recipients().getFirst().endsWith("@limit.test"));
            assertThat(mails).extracting(mail -> mail.recipients().getFirst()).doesNotHaveDuplicates();
            // Two at once, then one a second: the fifth is not there before two seconds have passed.
            assertThat(Duration.between(begun, mails.getLast().at())).isGreaterThan(Duration.ofSeconds(2));
            Signatures.verifyAll(mails, mesh.keys());
        }
    }
}
