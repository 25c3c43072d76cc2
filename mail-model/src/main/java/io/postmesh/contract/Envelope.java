package io.postmesh.contract;

import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything a later room needs to know about a message, in front of its bytes.
///
/// @param clearance empty until policy has decided
public record Envelope(
        MailId id,
        Instant acceptedAt,
        Placement placement,
        ReversePath sender,
        List<Recipient> recipients,
        Origin origin,
        Content content,
        Optional<Clearance> clearance) {

    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) throw new IllegalArgumentException("an envelope has a recipient");
        if (clearance.isPresent() && clearance.get().partition() >= placement.partitions()) {
            throw new IllegalArgumentException(
                    "partition " + clearance.get().partition() + " is outside the placement");
        }
    }

    /// The same mail for some of its recipients, as policy cleared it.
    public Envelope cleared(List<Recipient> some, Clearance decided) {
        return new Envelope(id, acceptedAt, placement, sender, some, origin, content, Optional.of(decided));
    }

    /// The same mail, its body elsewhere.
    public Envelope with(Content moved) {
        return new Envelope(id, acceptedAt, placement, sender, recipients, origin, moved, clearance);
    }

    public int[] positions() {
        return recipients.stream().mapToInt(Recipient::position).toArray();
    }
}
