package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AuditSheetTest {
    @Test
    void theSumsAreReadFromWhatTheCommandPrints() throws Exception {
        var sheet = AuditSheet.parse("""
                mail accepted from 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z
                          12  accepted     recipients of 9 mails
                           7  delivered    the remote said 250
                           1  waiting      for the next attempt
                           3  to deliver   in mail.signed, above delivery's committed position
                           1  missing      found nowhere
                           2  in doubt     attempted again after a worker died: may have got the mail twice
                missing: 01ARZ3NDEKTSV4RRFFQ69G5FAV 0
                """);
        assertThat(sheet.missing()).isEqualTo(1);
        assertThat(sheet.onTheirWay()).isEqualTo(4);
        assertThat(sheet.sums()).containsEntry("in doubt", 2L);
    }

    @Test
    void anAuditThatCouldNotBeMadeIsNoCleanBill() {
        assertThatThrownBy(() -> AuditSheet.parse("postmesh: Kafka does not answer"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kafka does not answer");
    }
}
