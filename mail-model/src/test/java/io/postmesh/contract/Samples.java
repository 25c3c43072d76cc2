package io.postmesh.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Content.BodyRef;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import io.postmesh.mail.SmtpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One example of everything a topic can hold, every field with a value of its own.
final class Samples {
    static final MailId ID = new MailId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    static final Instant ACCEPTED_AT = Instant.ofEpochMilli(1_700_000_000_123L);
    static final Instant LATER = Instant.ofEpochMilli(1_700_000_300_456L);
    static final Placement PLACEMENT = new Placement(3, 12, Set.of("outlook.com", "gmail.com"));
    static final Slice HEADERS = bytes("Received: from a by b\r\nFrom: ann@example.com\r\n\r\n");

    private Samples() {}

    static Map<String, MailRecord> mails() {
        var all = new LinkedHashMap<String, MailRecord>();
        all.put("accepted", accepted());
        all.put("accepted-by-the-mesh", byTheMesh());
        all.put("cleared-mx", cleared(Route.MX, "xn--fa-hia.de", Optional.empty(), Optional.empty()));
        all.put("cleared-held", cleared(Route.RELAYHOST, "relayhost", Optional.of(LATER), Optional.of("LIMIT")));
        all.put("cleared-tagged", tagged());
        all.put("accepted-blob", in(content(Optional.of("blob/key"))));
        all.put("accepted-blob-summed", in(content().at("blob/key", 0xfedc_ba98)));
        return all;
    }

    private static MailRecord in(Content blob) {
        return new MailRecord(envelope().with(blob), HEADERS, Slice.EMPTY);
    }

    static MailRecord accepted() {
        return new MailRecord(envelope(), HEADERS, bytes("Hello\r\n"));
    }

    static MailRecord byTheMesh() {
        var e = new Envelope(
                ID,
                ACCEPTED_AT,
                new Placement(1, 1, Set.of()),
                ReversePath.NULL,
                List.of(new Recipient(0, address("ann@example.com"))),
                new Origin.Mesh(new MailId("01BX5ZZKBKACTAV9WEVGEMMVS0")),
                new Content(
                        20,
                        hash(),
                        new BodyRef(BodyRef.Encoding.IDENTITY, Optional.empty(), 0),
                        false,
                        false,
                        Optional.empty(),
                        ""),
                Optional.empty());
        return new MailRecord(e, HEADERS, Slice.EMPTY);
    }

    static MailRecord cleared(Route route, String destination, Optional<Instant> notBefore, Optional<String> reason) {
        var clearance = new Clearance(
                route,
                destination,
                11,
                "no-objection",
                707_448_839,
                notBefore,
                reason,
                Optional.of(new Domain("example.com")));
        var e = envelope();
        return new MailRecord(e.cleared(e.recipients().subList(1, 2), clearance), HEADERS, bytes("Hello\r\n"));
    }

    static MailRecord tagged() {
        var clearance = new Clearance(
                Route.MX,
                "one.test",
                2,
                "rule",
                3,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Tag.of("news"));
        var e = envelope();
        return new MailRecord(e.cleared(e.recipients().subList(0, 1), clearance), HEADERS, bytes("Hello\r\n"));
    }

    static Envelope envelope() {
        return new Envelope(
                ID,
                ACCEPTED_AT,
                PLACEMENT,
                ReversePath.of(address("ann@example.com")),
                List.of(
                        new Recipient(0, address("bob@one.test")),
                        new Recipient(4, address("\"jörg @ b\"@faß.de")),
                        new Recipient(1_000_000, address("用户@例え.テスト"))),
                new Origin.Client("192.0.2.1", "client.test", true),
                content(),
                Optional.empty());
    }

    static Content content() {
        return content(Optional.empty());
    }

    private static Content content(Optional<String> blob) {
        return new Content(
                25_000_000_000L,
                hash(),
                new BodyRef(BodyRef.Encoding.ZSTD, blob, 24_999_999_000L),
                true,
                true,
                Optional.of(new Domain("example.com")),
                "<1.2@example.com>");
    }

    static Map<String, Outcome> outcomes() {
        var all = new LinkedHashMap<String, Outcome>();
        all.put("outcome-attempted", outcome(Outcome.What.of(Outcome.Kind.ATTEMPTED), Optional.empty(), ""));
        all.put(
                "outcome-delivered",
                outcome(Outcome.What.of(Outcome.Kind.DELIVERED), Optional.of(SmtpReply.of(250, "2.0.0 Ok")), ""));
        all.put("outcome-failed", failed(Optional.empty()));
        all.put("outcome-failed-placed", failed(Optional.of(PLACEMENT)));
        all.put(
                "outcome-cancelled",
                outcome(Outcome.What.of(Outcome.Kind.CANCELLED), Optional.empty(), "cancel 01A by ann: wrong"));
        all.put("outcome-attempted-again", note(Outcome.What.of(Outcome.Kind.ATTEMPTED), 2));
        all.put("outcome-handed-over", note(Outcome.What.handedOver(LATER.plusSeconds(600)), 1));
        return all;
    }

    private static Outcome failed(Optional<Placement> placement) {
        return outcome(
                Outcome.What.failed(new Outcome.Failure("From: ann\r\n\r\n".getBytes(UTF_8), true, true, placement)),
                Optional.of(SmtpReply.lines(550, List.of("5.1.1 Nobody", "of this name, Empfänger"))),
                "");
    }

    /// One of this kind, with all it must tell.
    static Outcome.What what(Outcome.Kind kind) {
        return switch (kind) {
            case FAILED -> Outcome.What.failed(new Outcome.Failure(new byte[] {1}, false, false, Optional.empty()));
            case HANDED_OVER -> Outcome.What.handedOver(LATER);
            case ATTEMPTED, DELIVERED, DEFERRED, DROPPED_DUPLICATE, CANCELLED -> Outcome.What.of(kind);
        };
    }

    static Outcome outcome(Outcome.What what, Optional<SmtpReply> reply, String note) {
        return new Outcome(
                about(true),
                what,
                new Outcome.Cause(Reason.GREYLISTED, note),
                new Outcome.By("worker-1", 3, 0),
                new Outcome.Heard(reply, "mx.one.test[192.0.2.9]:25", "TLSv1.3 TLS_AES_256_GCM_SHA384"),
                LATER);
    }

    static Outcome note(Outcome.What what, int crashes) {
        return new Outcome(
                about(false),
                what,
                Outcome.Cause.of(Reason.INTERNAL),
                new Outcome.By("worker-1", 3, crashes),
                Outcome.Heard.NOTHING,
                LATER);
    }

    static Outcome.About about(boolean relayed) {
        return new Outcome.About(
                ID,
                RecordId.of(ID, new int[] {0, 4}),
                List.of(0, 4),
                List.of("bob@one.test", "jörg@one.test"),
                "ann@example.com",
                ACCEPTED_AT,
                "one.test",
                relayed);
    }

    static Map<String, Waiting> waitings() {
        var all = new LinkedHashMap<String, Waiting>();
        all.put("waiting", waiting(Optional.of(LATER), Optional.of(SmtpReply.of(450, "4.2.0 Greylisted"))));
        all.put("waiting-held", waiting(Optional.empty(), Optional.empty()));
        all.put("waiting-marked", marked());
        return all;
    }

    static Waiting waiting(Optional<Instant> due, Optional<SmtpReply> reply) {
        return new Waiting(
                RecordId.of(ID, new int[] {0, 4}),
                ID,
                List.of(0, 4),
                due,
                7,
                reply,
                Reason.GREYLISTED,
                123_456_789_012L,
                "one.test",
                "example.com",
                ACCEPTED_AT);
    }

    static Waiting marked() {
        var plain = waiting(Optional.of(LATER), Optional.of(SmtpReply.of(450, "4.2.0 Greylisted")));
        return new Waiting(
                plain.record(),
                plain.id(),
                plain.positions(),
                plain.due(),
                plain.attempts(),
                plain.lastReply(),
                plain.reason(),
                plain.bodyOffset(),
                "relayhost",
                plain.senderDomain(),
                plain.acceptedAt(),
                new Waiting.Marks("jörg", "no-objection", "news", List.of("one.test", "two.test"), true),
                18);
    }

    static Map<String, Action> actions() {
        var all = new LinkedHashMap<String, Action>();
        var selector = new Selector(
                false,
                Optional.of("one.test"),
                Optional.of(Selector.Sender.parse("Ann@example.com")),
                Optional.of("no-objection"),
                Tag.of("news"),
                Optional.of(ID));
        all.put(
                "action-bounce",
                new Action(
                        new ActionId("01BX5ZZKBKACTAV9WEVGEMMVS0"),
                        Action.Verb.BOUNCE,
                        selector,
                        "wrong list",
                        "ann@host",
                        Duration.ofHours(1),
                        true,
                        500,
                        0));
        all.put(
                "action-list",
                new Action(
                        new ActionId("01BX5ZZKBKACTAV9WEVGEMMVS0"),
                        Action.Verb.LIST,
                        Selector.ALL,
                        "",
                        "ann@host",
                        Duration.ofSeconds(10),
                        false,
                        500,
                        20));
        return all;
    }

    static Answer answer() {
        var count = new Answer.Count(10, 11, 7, 2, 1, Optional.of(ACCEPTED_AT));
        var queue = new Answer.Queue(
                "one.test",
                1,
                2,
                3,
                4,
                5,
                Optional.of(ACCEPTED_AT),
                Reason.GREYLISTED,
                Optional.of(SmtpReply.of(450, "4.2.0 Greylisted")),
                6);
        var seat =
                new Answer.Seat(marked(), Answer.Place.SUSPENDED, List.of(new ActionId("01BX5ZZKBKACTAV9WEVGEMMVS0")));
        return new Answer(
                new ActionId("01BX5ZZKBKACTAV9WEVGEMMVS0"),
                3,
                "worker-1",
                4,
                Answer.State.CONFIRMED,
                count,
                List.of(queue),
                List.of(seat),
                9,
                "no");
    }

    static Journey journey() {
        return new Journey(
                ID,
                Journey.Stage.CLEARED,
                LATER,
                ACCEPTED_AT,
                "ann@example.com",
                List.of("bob@one.test", "用户@例え.テスト"),
                "no-objection");
    }

    static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }

    static Slice bytes(String text) {
        return Slice.of(text.getBytes(UTF_8));
    }

    private static byte[] hash() {
        var hash = new byte[32];
        for (int i = 0; i < hash.length; i++) hash[i] = (byte) (200 + i);
        return hash;
    }
}
