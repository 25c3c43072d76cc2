package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {
    @Test
    void oneIsOne() {
        assertThat(Words.of(0, "mail")).isEqualTo("0 mails");
        assertThat(Words.of(1, "mail")).isEqualTo("1 mail");
        assertThat(Words.of(2, "mail")).isEqualTo("2 mails");
    }

    @Test
    void partitionsAreToldInRanges() {
        assertThat(Words.partitions(List.of(3))).isEqualTo("partition 3");
        assertThat(Words.partitions(List.of(5, 0, 2, 1, 9, 8))).isEqualTo("partitions 0-2, 5, 8-9");
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonIsAPhraseForPeople(Reason reason) {
        assertThat(Words.of(reason)).isNotBlank().isNotEqualTo(reason.name()).doesNotContain("_");
    }
}
