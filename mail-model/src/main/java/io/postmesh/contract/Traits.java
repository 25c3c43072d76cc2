package io.postmesh.contract;

import io.postmesh.mail.Domain;
import io.postmesh.mail.MailId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What an operator's action can select a mail by.
///
/// @param domains     of its recipients
/// @param exact       the domains are these, for sure; a state may have lost some of them, or have no room for others
/// @param more        there are others that are not known here
/// @param destination whose queue it is in: a domain, or the name of a relay
/// @param senderLocal of the reverse-path; like the domain, empty for the null sender
public record Traits(
        MailId id,
        Set<String> domains,
        boolean exact,
        boolean more,
        String destination,
        String senderLocal,
        String senderDomain,
        String rule,
        String tag) {
    public Traits {
        domains = Set.copyOf(domains);
    }

    /// Its sender is `<>`: nobody can be told what becomes of it.
    boolean isReport() {
        return senderDomain.isEmpty();
    }

    /// Of a cleared mail, as far as it is for these.
    public static Traits of(Envelope envelope, List<Recipient> some) {
        var marks = Waiting.Marks.of(envelope, List.of());
        return new Traits(
                envelope.id(),
                some.stream().map(to -> to.address().domain().name()).collect(Collectors.toSet()),
                true,
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
                marks.domains().size() < 2 && !marks.more(),
                marks.more(),
                w.destination(),
                marks.senderLocal(),
                w.senderDomain(),
                marks.rule(),
                marks.tag());
    }
}
