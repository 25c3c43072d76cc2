package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Topics;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1024, 8000000", "1000000, 7300000", "8300000, 0", "4000000, 4300000"})
    void whateverATopicLetInFitsIntoQuarantine(int key, int value) {
        var kept = Quarantine.of(record(new byte[key], new byte[value]), "test", "x".repeat(5000));
        assertThat(kept.size()).isLessThanOrEqualTo(KafkaSettings.MAX_MESSAGE);
    }

    @Test
    void whatFitsIsKeptAsItWas() {
        var kept = Quarantine.of(record(new byte[] {1}, new byte[] {2, 3}), "test", "why");
        assertThat(kept.key()).containsExactly(1);
        assertThat(kept.value()).containsExactly(2, 3);
        assertThat(kept.headers()).extracting(header -> header.key()).doesNotContain("truncated", "key-truncated");
    }

    private static InRecord record(byte[] key, byte[] value) {
        return new InRecord(Topics.ACCEPTED, 0, 0, 0, key, value, new RecordHeaders());
    }
}
