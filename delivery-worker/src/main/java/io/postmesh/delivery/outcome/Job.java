package io.postmesh.delivery.outcome;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Slice;
import java.util.List;

/// One attempt to be made. On the wire go `headers`, then the decoded body.
///
/// @param recipients those still to be served, a part of the envelope's
/// @param attempt    1 for the first
public record Job(Envelope envelope, Slice headers, BodySource body, List<Recipient> recipients, int attempt) {
    public Job {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) throw new IllegalArgumentException("an attempt has a recipient");
        if (attempt < 1) throw new IllegalArgumentException("attempt: 1 or more");
    }
}
