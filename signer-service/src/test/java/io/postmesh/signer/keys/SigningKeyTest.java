package io.postmesh.signer.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SigningKeyTest {
    @ParameterizedTest
    @FieldSource("io.postmesh.signer.keys.TestKeys#BOTH")
    void manyThreadsSignTheSameWithOneKey(SigningKey key) {
        var data = "what is signed, and something behind it".getBytes(US_ASCII);
        var expected = key.sign(data, 14);
        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> key.sign(data, 14))
                        .toList())
                .allMatch(signed -> Arrays.equals(signed, expected));
        assertThat(key.sign(data, 15)).isNotEqualTo(expected);
    }

    @Test
    void theProviderIsNamed() {
        assertThat(CryptoProvider.name()).containsAnyOf("Corretto crypto 2", "JDK crypto");
    }
}
