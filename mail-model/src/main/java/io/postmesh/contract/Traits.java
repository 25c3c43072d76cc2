package io.postmesh.contract;

import io.postmesh.mail.Domain;
import io.postmesh.mail.MailId;
import java.util.LinkedHashSet;
import java.util.Set;

/// What an operator's action can select a mail by.
///
/// @param domains     of its recipients
/// @param moreDomains there are others that are not known here
/// @param destination whose queue it is in: a domain, or the name of a relay
/// @param senderLocal of the reverse-path; like the domain, empty for the null sender
public record Traits(
        MailId id,
        Set<String> domains,
        boolean moreDomains,
        String destination,
        String senderLocal,
        String senderDomain,
        String rule,
        String tag) {
    public Traits {
        domains = Set.copyOf(domains);
    }

    /// Of a cleared mail, and so of all its recipients.
    public static Traits of(Envelope envelope) {
        var domains = new LinkedHashSet<String>();
        for (var to : envelope.recipients()) domains.add(to.address().domain().name());
        return of(envelope, domains);
    }

    /// Of one recipient of a cleared mail.
    public static Traits of(Envelope envelope, Recipient to) {
        return of(envelope, Set.of(to.address().domain().name()));
    }

    private static Traits of(Envelope envelope, Set<String> domains) {
        var marks = Waiting.Marks.of(envelope);
        return new Traits(
                envelope.id(),
                domains,
                false,
                envelope.clearance().map(Clearance::destination).orElse(""),
                marks.senderLocal(),
                envelope.sender().domain().map(Domain::name).orElse(""),
                marks.rule(),
                marks.tag());
    }

    /// Of a mail that waits, without reading it.
    public static Traits of(Waiting w) {
        var marks = w.marks();
        return new Traits(
                w.id(),
                marks.domains().isEmpty() ? Set.of(w.destination()) : Set.copyOf(marks.domains()),
                marks.more(),
                w.destination(),
                marks.senderLocal(),
                w.senderDomain(),
                marks.rule(),
                marks.tag());
    }
}
