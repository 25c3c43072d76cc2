package io.postmesh.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.signer.keys.TestKeys;
import org.junit.jupiter.api.Test;

class SignerMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SignerMeters meters = SignerMeters.in(registry);

    @Test
    void eachKeysSignatureIsCountedByWhetherItCameAbout() {
        assertThat(meters.sign(TestKeys.BOTH, () -> new byte[1])).hasSize(1);
        assertThatThrownBy(() -> meters.sign(TestKeys.BOTH, () -> {
                    throw new IllegalStateException("a key that signed at start no longer does");
                }))
                .isInstanceOf(IllegalStateException.class);
        meters.sign(TestKeys.BOTH, () -> new byte[1]);
        for (var algorithm : new String[] {"rsa_sha256", "ed25519_sha256"}) {
            assertThat(counted(algorithm, "signed")).isEqualTo(2);
            assertThat(counted(algorithm, "failed")).isEqualTo(1);
        }
    }

    private double counted(String algorithm, String result) {
        return registry.get("postmesh_dkim_signatures_total")
                .tags("algorithm", algorithm, "result", result)
                .counter()
                .count();
    }
}
