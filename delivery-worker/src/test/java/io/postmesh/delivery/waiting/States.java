package io.postmesh.delivery.waiting;

import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Waiting states for tests.
final class States {
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private States() {}

    /// Each record is a mail of its own.
    static Waiting state(String record, Optional<Instant> due, Integer... positions) {
        return new Waiting(
                new RecordId(record),
                mail(record),
                List.of(positions),
                due,
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                0,
                "one.test",
                "sender.test",
                NOW);
    }

    static MailId mail(String record) {
        return MailId.of(1, record.hashCode(), 3);
    }

    static Identity who(String record, int position) {
        return Identity.of(mail(record), position);
    }
}
