package io.postmesh.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailIdTest {
    @Test
    void anIdTellsWhenItWasMadeAndSortsByIt() {
        var random = new Random(1);
        MailId before = MailId.at(0, random);
        for (long millis : new long[] {1, 1_700_000_000_000L, 1_700_000_000_001L, (1L << 48) - 1}) {
            var id = MailId.at(millis, random);
            assertThat(id.millis()).isEqualTo(millis);
            assertThat(id).isGreaterThan(before);
            before = id;
        }
    }

    @Test
    void aTimeAnIdCannotHoldIsRefused() {
        assertThatThrownBy(() -> MailId.of(1L << 48, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MailId.of(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSameBitsMakeTheSameIdAndEveryBitCounts() {
        assertThat(MailId.of(5, 6, 7)).isEqualTo(MailId.of(5, 6, 7));
        var ids = new HashSet<MailId>();
        for (int bit = 0; bit < 40; bit++) {
            ids.add(MailId.of(5, 1L << bit, 0));
            ids.add(MailId.of(5, 0, 1L << bit));
        }
        assertThat(ids).hasSize(80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01ARZ3NDEKTSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
                "01arz3ndektsv4rrffq69g5fav",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "01ARZ3NDEKTSV4RRFFQ69G5FAL",
                "01ARZ3NDEKTSV4RRFFQ69G5FAO",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "01ARZ3NDEKTSV4RRFFQ69G5FA\u0660",
                "01ARZ3NDEKTSV4RRFFQ69G5F\r\n",
            })
    void onlyAUlidIsAMailId(String text) {
        assertThat(MailId.parse(text)).isEmpty();
        assertThatThrownBy(() -> new MailId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Placement hangs on these numbers for ever (LEDGER L2).
    @ParameterizedTest
    @CsvSource({
        "01ARZ3NDEKTSV4RRFFQ69G5FAV, -7633566704585085283",
        "00000000000000000000000000, -6616812832462247368",
        "7ZZZZZZZZZZZZZZZZZZZZZZZZZ, -8977112113955688001",
    })
    void theHashNeverChanges(String id, long hash) {
        assertThat(new MailId(id).hash64()).isEqualTo(hash);
    }
}
