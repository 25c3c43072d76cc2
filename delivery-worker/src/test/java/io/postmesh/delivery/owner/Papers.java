package io.postmesh.delivery.owner;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Envelopes of cleared mail.
final class Papers {
    private Papers() {}

    static Envelope envelope(String... to) {
        return envelope(MailId.of(1_000, 2, 3), new Placement(1, 4, Set.of()), 0, to);
    }

    /// @param size of headers and body
    static Envelope envelope(MailId id, Placement placement, int size, String... to) {
        var recipients = new ArrayList<Recipient>();
        for (int i = 0; i < to.length; i++) {
            recipients.add(new Recipient(i, MailAddress.parse(to[i]).orElseThrow()));
        }
        var content = new Content(
                size,
                new byte[32],
                new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), 8),
                false,
                false,
                Optional.empty(),
                "<" + id + "@sender.test>");
        var clearance =
                new Clearance(Route.MX, "one.test", 0, "test", 1, Optional.empty(), Optional.empty(), Optional.empty());
        return new Envelope(
                id,
                Instant.now(),
                placement,
                ReversePath.of(MailAddress.parse("ann@sender.test").orElseThrow()),
                recipients,
                new Origin.Client("127.0.0.1", "client.test", true),
                content,
                Optional.of(clearance));
    }

    static Envelope via(String destination, Envelope e) {
        var clearance = new Clearance(
                Route.MX, destination, 0, "test", 1, Optional.empty(), Optional.empty(), Optional.empty());
        return e.cleared(e.recipients(), clearance);
    }

    static Envelope with(Envelope e, List<Recipient> recipients) {
        return new Envelope(
                e.id(), e.acceptedAt(), e.placement(), e.sender(), recipients, e.origin(), e.content(), e.clearance());
    }
}
