package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Standing;
import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What operators want, and whom they want it of, for tests.
final class Wanted {
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    static final Duration HOUR = Duration.ofHours(1);

    private Wanted() {}

    static Action action(Verb verb, Selector selector, int rate, int limit) {
        var id = new ActionId(MailId.of(NOW.toEpochMilli(), 7, verb.ordinal()).text());
        return new Action(id, verb, selector, "a test", "ann", HOUR, false, rate, limit);
    }

    static Standing standing(Verb verb, int rate) {
        return new Standing(5, NOW.plus(HOUR), action(verb, Selector.ALL, rate, 0));
    }

    static Selector domain(String name) {
        return new Selector(
                false, Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// One that waits for its second attempt.
    static Waiting waiting(String record, String destination, Optional<Instant> due) {
        return waiting(record, destination, due, Reason.PUT_OFF, 1, Optional.empty(), NOW);
    }

    static Waiting waiting(
            String record,
            String destination,
            Optional<Instant> due,
            Reason reason,
            int attempts,
            Optional<SmtpReply> reply,
            Instant acceptedAt) {
        return new Waiting(
                new RecordId(record),
                MailId.of(1, record.hashCode(), 3),
                List.of(0, 1),
                due,
                attempts,
                reply,
                reason,
                0,
                destination,
                "sender.test",
                acceptedAt);
    }

    /// One in hand, for so many recipients.
    static Letter letter(Letter.Source source, int recipients) {
        var to = IntStream.range(0, recipients).mapToObj(i -> i + "@one.test").toArray(String[]::new);
        var envelope = Papers.envelope(to);
        return new Letter(
                RecordId.of(envelope.id(), IntStream.range(0, recipients).toArray()),
                new MailRecord(envelope, Slice.EMPTY, Slice.EMPTY),
                new byte[0],
                () -> new ByteArrayInputStream(new byte[0]),
                envelope.recipients(),
                0,
                0,
                source,
                List.of());
    }

    /// One that came from the door.
    static Letter letter(int recipients) {
        return letter(arrived(false), recipients);
    }

    static Letter.Source.Arrived arrived(boolean again) {
        var claim = new Offsets(Tracker.from(0)).arrives(0).orElseThrow();
        return new Letter.Source.Arrived(claim, again);
    }
}
