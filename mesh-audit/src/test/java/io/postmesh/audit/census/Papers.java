package io.postmesh.audit.census;

import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Envelopes, lines and states of one mail after the other.
final class Papers {
    private Papers() {}

    static MailId id(long n) {
        return MailId.of(1_700_000_000_000L + n, n * 7, n * 31);
    }

    static Envelope mail(MailId id, int recipients) {
        return new Envelope(
                id,
                Instant.EPOCH,
                new Placement(1, 4, Set.of()),
                ReversePath.NULL,
                IntStream.range(0, recipients)
                        .mapToObj(i -> new Recipient(
                                i, MailAddress.parse("r" + i + "@one.test").orElseThrow()))
                        .toList(),
                new Origin.Client("127.0.0.1", "client.test", true),
                new Content(
                        0,
                        new byte[32],
                        new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), 0),
                        false,
                        false,
                        Optional.empty(),
                        "<x@y>"),
                Optional.empty());
    }

    static Outcome line(MailId id, Outcome.Kind kind, Reason reason, int... positions) {
        return new Outcome(
                new Outcome.About(
                        id,
                        RecordId.of(id, positions),
                        list(positions),
                        List.of(),
                        "",
                        Instant.EPOCH,
                        "one.test",
                        false),
                what(kind),
                Outcome.Cause.of(reason),
                new Outcome.By("worker", 1, 0),
                Outcome.Heard.NOTHING,
                Instant.EPOCH);
    }

    private static Outcome.What what(Outcome.Kind kind) {
        return switch (kind) {
            case FAILED -> Outcome.What.failed(new Outcome.Failure(new byte[0], false, true, Optional.empty()));
            case HANDED_OVER -> Outcome.What.handedOver(Instant.EPOCH);
            case ATTEMPTED, DELIVERED, DEFERRED, DROPPED_DUPLICATE, CANCELLED -> Outcome.What.of(kind);
        };
    }

    static Waiting state(MailId id, Optional<Instant> due, int... positions) {
        return new Waiting(
                RecordId.of(id, positions),
                id,
                list(positions),
                due,
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                0,
                "one.test",
                "demo.test",
                Instant.EPOCH);
    }

    private static List<Integer> list(int... positions) {
        return Arrays.stream(positions).boxed().toList();
    }
}
