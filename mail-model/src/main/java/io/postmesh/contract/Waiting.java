package io.postmesh.contract;

import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The state of a deferred or held record (LEDGER L8): small, while the mail itself lies in `mail.waiting.bodies`.
///
/// @param positions  recipients still to be served
/// @param due        empty: held, until somebody releases it
/// @param bodyOffset of the signed record in `mail.waiting.bodies`, same partition
/// @param marks      what else an operator may select it by
/// @param heeded     actions of `mesh.control` below this offset have been carried out for it: each applies once
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
        Instant acceptedAt,
        Marks marks,
        long heeded) {

    /// What the state keeps of an envelope so that nobody has to read the mail to find it.
    ///
    /// @param senderLocal local part of the reverse-path; empty for the null sender
    /// @param rule        that cleared it
    /// @param tag         see [Tag]; else empty
    /// @param domains     of the recipients, where the destination is not the only one
    /// @param more        there are others, for which there was no room
    public record Marks(String senderLocal, String rule, String tag, List<String> domains, boolean more) {
        /// Of a state that was written before there were any.
        public static final Marks NONE = new Marks("", "", "", List.of(), false);

        public Marks {
            domains = List.copyOf(domains);
        }

        static final int MAX_RULE = 64;
        private static final int MAX_DOMAINS_OCTETS = 200;

        /// @param waiting those of its recipients who wait
        public static Marks of(Envelope envelope, List<Recipient> waiting) {
            var clearance = envelope.clearance();
            var destination = clearance.map(Clearance::destination).orElse("");
            var distinct = waiting.stream()
                    .map(to -> to.address().domain().name())
                    .distinct()
                    .toList();
            var all = distinct.equals(List.of(destination)) ? List.<String>of() : distinct;
            var kept = fitting(all);
            return new Marks(
                    envelope.sender().mailbox().map(MailAddress::local).orElse(""),
                    clearance.map(Clearance::rule).map(Marks::cut).orElse(""),
                    clearance.flatMap(Clearance::tag).map(Tag::text).orElse(""),
                    kept,
                    kept.size() < all.size());
        }

        static String cut(String rule) {
            return rule.length() > MAX_RULE ? rule.substring(0, MAX_RULE) : rule;
        }

        private static List<String> fitting(List<String> domains) {
            var kept = new ArrayList<String>();
            int octets = 0;
            for (var domain : domains) {
                octets += domain.length() + 2;
                if (octets > MAX_DOMAINS_OCTETS) break;
                kept.add(domain);
            }
            return kept;
        }
    }

    public Waiting {
        positions = List.copyOf(positions);
    }

    /// A state nobody has marked.
    public Waiting(
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
        this(
                record,
                id,
                positions,
                due,
                attempts,
                lastReply,
                reason,
                bodyOffset,
                destination,
                senderDomain,
                acceptedAt,
                Marks.NONE,
                0);
    }

    /// Held, until somebody releases it.
    public boolean isHeld() {
        return due.isEmpty();
    }

    /// An operator's action, the one at `heeded - 1`, gave it another time to be tried.
    public Waiting with(Optional<Instant> anotherDue, Reason why, long nowHeeded) {
        return new Waiting(
                record,
                id,
                positions,
                anotherDue,
                attempts,
                lastReply,
                why,
                bodyOffset,
                destination,
                senderDomain,
                acceptedAt,
                marks,
                nowHeeded);
    }
}
