package io.postmesh.contract;

import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The state of a deferred or held record (LEDGER L8): small, while the mail itself lies in `mail.waiting.bodies`.
///
/// @param positions  recipients still to be served
/// @param due        empty: held, until somebody releases it
/// @param bodyOffset of the signed record in `mail.waiting.bodies`, same partition
public record Waiting(
        RecordId record,
        MailId id,
        List<Integer> positions,
        Optional<Instant> due,
        int attempts,
        Optional<SmtpReply> lastReply,
        Reason reason,
        long bodyOffset,
        String destination,
        String senderDomain,
        Instant acceptedAt) {
    public Waiting {
        positions = List.copyOf(positions);
    }
}
