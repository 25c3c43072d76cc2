package io.postmesh.delivery.owner;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Lines of the ledger, made from a letter and what happened to it. Values only.
///
/// @param worker who writes them
record Lines(String worker) {
    /// A bounce quotes the header section; more than this of it helps nobody, and an outcome must stay small.
    private static final int MAX_HEADERS = 64 << 10;

    Outcome attempted(Letter letter, Instant now) {
        return note(letter, Outcome.What.of(Outcome.Kind.ATTEMPTED), Reason.INTERNAL, now);
    }

    /// Another worker owns the partition, and this one writes the result until then (LEDGER L14).
    Outcome handedOver(Letter letter, Instant deadline, Instant now) {
        return note(letter, Outcome.What.handedOver(deadline), Reason.INTERNAL, now);
    }

    /// The attempt was noted, and its dot was not sent (L14).
    Outcome notSent(Letter letter, Instant now) {
        return note(letter, Outcome.What.of(Outcome.Kind.DEFERRED), Reason.SHUTDOWN, now);
    }

    /// It waits for an operator (L19).
    Outcome quarantined(Letter letter, Instant now) {
        return note(letter, Outcome.What.of(Outcome.Kind.DEFERRED), Reason.QUARANTINED, now);
    }

    /// Whether these recipients are nobody's to attempt any more: they have their result, or are an operator's (L19).
    static boolean isTheLast(Outcome line) {
        return line.kind().isFinal() || line.kind() == Outcome.Kind.DEFERRED && line.reason() == Reason.QUARANTINED;
    }

    private Outcome note(Letter letter, Outcome.What what, Reason reason, Instant now) {
        var by = new Outcome.By(worker, letter.attempts() + 1, letter.crashes());
        var about = about(letter.envelope(), letter.key(), letter.recipients());
        return new Outcome(about, what, Outcome.Cause.of(reason), by, Outcome.Heard.NOTHING, now);
    }

    Outcome of(Letter letter, Settlement settlement, Settlement.Share share, Instant now) {
        return new Outcome(
                about(letter.envelope(), letter.key(), share.recipients()),
                share.kind() == Outcome.Kind.FAILED
                        ? Outcome.What.failed(failure(letter))
                        : Outcome.What.of(share.kind()),
                new Outcome.Cause(share.reason(), settlement.note()),
                new Outcome.By(worker, settlement.attempts(), 0),
                new Outcome.Heard(share.reply(), settlement.remote(), settlement.tls()),
                now);
    }

    Outcome dropped(Envelope envelope, List<Recipient> repeated, Instant now) {
        var record = RecordId.of(
                envelope.id(), repeated.stream().mapToInt(Recipient::position).toArray());
        return new Outcome(
                about(envelope, record, repeated),
                Outcome.What.of(Outcome.Kind.DROPPED_DUPLICATE),
                Outcome.Cause.of(Reason.DUPLICATE),
                new Outcome.By(worker, 0, 0),
                Outcome.Heard.NOTHING,
                now);
    }

    private static Outcome.About about(Envelope envelope, RecordId record, List<Recipient> some) {
        var clearance = envelope.clearance().orElseThrow();
        return new Outcome.About(
                envelope.id(),
                record,
                positions(some),
                addresses(some),
                envelope.sender().text(),
                envelope.acceptedAt(),
                clearance.destination(),
                clearance.route() instanceof Route.Relay);
    }

    /// The state of those who wait (LEDGER L8).
    static Waiting state(Letter letter, Settlement settlement, long bodyOffset) {
        var envelope = letter.envelope();
        var first = settlement.waits().getFirst();
        return new Waiting(
                letter.key(),
                envelope.id(),
                settlement.waits().stream()
                        .flatMap(share -> positions(share.recipients()).stream())
                        .toList(),
                settlement.due(),
                settlement.attempts(),
                first.reply().or(letter::lastReply),
                first.reason(),
                bodyOffset,
                letter.destination(),
                envelope.sender().domain().map(Object::toString).orElse(""),
                envelope.acceptedAt(),
                Waiting.Marks.of(envelope, waiting(settlement)),
                settlement.heeded());
    }

    private static List<Recipient> waiting(Settlement settlement) {
        return settlement.waits().stream()
                .flatMap(share -> share.recipients().stream())
                .toList();
    }

    /// The same state with fewer recipients.
    static Waiting state(Waiting w, List<Integer> open) {
        return state(w, open, w.due(), w.attempts(), w.lastReply(), w.reason());
    }

    /// The state after an attempt another worker made.
    static Waiting state(Waiting w, Outcome said, Optional<Instant> due) {
        return state(w, w.positions(), due, said.by().attempt(), said.reply().or(w::lastReply), said.reason());
    }

    private static Waiting state(
            Waiting w,
            List<Integer> open,
            Optional<Instant> due,
            int attempts,
            Optional<SmtpReply> lastReply,
            Reason reason) {
        return new Waiting(
                w.record(),
                w.id(),
                open,
                due,
                attempts,
                lastReply,
                reason,
                w.bodyOffset(),
                w.destination(),
                w.senderDomain(),
                w.acceptedAt(),
                w.marks(),
                w.heeded());
    }

    // All a report to the sender needs: the body may be gone by then (L10).
    private static Outcome.Failure failure(Letter letter) {
        var headers = headers(letter.mail().headers());
        var placement = Optional.of(letter.envelope().placement());
        return switch (letter.envelope().origin()) {
            case Origin.Client client -> new Outcome.Failure(headers, false, client.trusted(), placement);
            case Origin.Mesh _ -> new Outcome.Failure(headers, true, false, placement);
        };
    }

    private static byte[] headers(Slice section) {
        if (section.length() <= MAX_HEADERS) return section.toBytes();
        int end = MAX_HEADERS;
        while (end > 0 && section.get(end - 1) != '\n') end--;
        return Arrays.copyOfRange(section.array(), section.offset(), section.offset() + end);
    }

    private static List<String> addresses(List<Recipient> recipients) {
        return recipients.stream().map(to -> to.address().text()).toList();
    }

    private static List<Integer> positions(List<Recipient> recipients) {
        return recipients.stream().map(Recipient::position).toList();
    }
}
