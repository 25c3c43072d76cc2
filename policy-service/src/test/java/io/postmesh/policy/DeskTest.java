package io.postmesh.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.mail.Domain;
import io.postmesh.policy.checks.HouseRules;
import io.postmesh.policy.quota.SenderQuota;
import io.postmesh.policy.rules.RuleBook;
import io.postmesh.policy.rules.SenderRule;
import io.postmesh.policy.split.Splitter;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.trace.Trace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeskTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_100_000L);
    private static final RuleBook BOOK =
            new RuleBook(new SenderRule.Listed(Set.of(new Domain("example.com"))), "", Duration.ofDays(1), 100);
    private static final String LOOP = "Received: x\r\n".repeat(101) + SampleMail.HEADERS;
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void aMailForOneRecipientIsClearedAsItCame() throws Exception {
        var mail = SampleMail.plain();
        var cleared = cleared(handle(mail)).getFirst();
        var clearance = cleared.envelope().clearance().orElseThrow();
        assertThat(cleared.headers()).isEqualTo(mail.mail().headers());
        assertThat(cleared.body()).isEqualTo(mail.mail().body());
        assertThat(cleared.envelope().recipients()).isEqualTo(mail.envelope().recipients());
        assertThat(cleared.envelope().content()).isEqualTo(mail.envelope().content());
        assertThat(clearance.route()).isEqualTo(Route.MX);
        assertThat(clearance.destination()).isEqualTo("one.test");
        assertThat(clearance.rule()).isEqualTo("no-objection");
        assertThat(clearance.ruleVersion()).isEqualTo(BOOK.version());
        assertThat(clearance.notBefore()).isEmpty();
        assertThat(clearance.holdReason()).isEmpty();
        assertThat(clearance.signAs()).contains(new Domain("example.com"));
    }

    @Test
    void aMailForThreeDomainsIsThreeRecordsEachInTheBooksPartition() throws Exception {
        var mail = SampleMail.plain().to("a@one.test", "b@two.test", "c@three.test", "d@one.test");
        var records = written(Topics.CLEARED, handle(mail));
        assertThat(records).hasSize(3);
        for (var record : records) {
            var envelope = decoded(record).envelope();
            var clearance = envelope.clearance().orElseThrow();
            assertThat(record.partition()).isEqualTo(clearance.partition());
            assertThat(record.key()).isNull();
            assertThat(clearance.partition()).isEqualTo(mail.placement().partition(mail.id(), clearance.destination()));
        }
        assertThat(decoded(records.getFirst()).envelope().positions()).containsExactly(0, 3);
    }

    @Test
    void throughARelayItIsOneRecord() throws Exception {
        var mail = SampleMail.plain()
                .to("a@one.test", "b@two.test", "c@three.test")
                .placement(new Placement(1, 4, Set.of(Placement.EVERY_DOMAIN)));
        var desk = desk(new Splitter(Route.RELAYHOST, 50), SenderQuota.UNLIMITED);
        var cleared = cleared(desk.handle(in(mail.encoded())));
        assertThat(cleared).hasSize(1);
        assertThat(cleared.getFirst().envelope().clearance().orElseThrow().destination())
                .isEqualTo("relayhost");
    }

    @Test
    void theSameMailIsTheSameBytesAgain() throws Exception {
        var mails = List.of(
                SampleMail.plain().to("a@one.test", "b@two.test", "c@one.test"),
                SampleMail.plain().placement(new Placement(9, 12, Set.of("gmail.com", "outlook.com", "one.test"))),
                SampleMail.plain().byTheMesh(),
                SampleMail.plain().headers(LOOP).to("a@one.test", "b@two.test"),
                SampleMail.plain().untrusted());
        for (var mail : mails) {
            var first = handle(mail);
            var again = handle(mail);
            assertThat(again).hasSameSizeAs(first);
            for (int i = 0; i < first.size(); i++) {
                assertThat(again.get(i).topic()).isEqualTo(first.get(i).topic());
                assertThat(again.get(i).partition()).isEqualTo(first.get(i).partition());
                assertThat(again.get(i).value()).isEqualTo(first.get(i).value());
            }
        }
    }

    @Test
    void overItsLimitAMailGoesOnWithATimeAndAReason() throws Exception {
        var mail = SampleMail.plain().to("a@one.test", "b@two.test");
        var records = limited(Duration.ofSeconds(7)).handle(in(mail.encoded()));
        assertThat(written(Topics.CLEARED, records)).hasSize(2);
        for (var cleared : cleared(records)) {
            var clearance = cleared.envelope().clearance().orElseThrow();
            assertThat(clearance.notBefore()).contains(NOW.plusSeconds(7));
            assertThat(clearance.holdReason()).contains(Reason.LIMIT.name());
            assertThat(clearance.rule()).isEqualTo("sender-domain-rate");
            assertThat(clearance.signAs()).contains(new Domain("example.com"));
        }
        assertThat(journey(records).stage()).isEqualTo(Journey.Stage.HELD);
        assertThat(count("held", "sender-domain-rate")).isEqualTo(1);
    }

    @Test
    void aReportOfTheMeshIsClearedWithoutSenderRules() throws Exception {
        var cleared = cleared(limited(Duration.ofSeconds(7))
                .handle(in(SampleMail.plain().byTheMesh().encoded())));
        var clearance = cleared.getFirst().envelope().clearance().orElseThrow();
        assertThat(clearance.notBefore()).isEmpty();
        assertThat(clearance.signAs()).contains(new Domain("mail.mesh.test"));
    }

    @Test
    void aRefusedMailOfOursFailsForEveryRecipientWhereTheLedgerWouldLook() throws Exception {
        var mail = SampleMail.plain().headers(LOOP).to("a@one.test", "b@two.test", "c@one.test");
        var records = handle(mail);
        var outcomes = written(Topics.OUTCOMES, records);
        assertThat(outcomes).hasSize(2);
        assertThat(written(Topics.QUARANTINE, records)).isEmpty();
        assertThat(written(Topics.CLEARED, records)).isEmpty();

        var outcome = LedgerCodec.outcome(value(outcomes.getFirst()));
        assertThat(outcomes.getFirst().partition()).isEqualTo(mail.placement().partition(mail.id(), "one.test"));
        assertThat(outcomes.getFirst().key()).isEqualTo(mail.id().text().getBytes(UTF_8));
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.positions()).containsExactly(0, 2);
        assertThat(outcome.recipients()).containsExactly("a@one.test", "c@one.test");
        assertThat(outcome.record()).isEqualTo(RecordId.of(mail.id(), new int[] {0, 2}));
        assertThat(outcome.about().sender()).isEqualTo("ann@example.com");
        assertThat(outcome.reason()).isEqualTo(Reason.POLICY);
        assertThat(outcome.reply().orElseThrow().text()).startsWith("554 5.4.6");
        assertThat(outcome.what().failure().orElseThrow().headers()).isEqualTo(LOOP.getBytes(UTF_8));
        assertThat(outcome.what().failure().orElseThrow().trusted()).isTrue();
        assertThat(outcome.what().failure().orElseThrow().fromMesh()).isFalse();
        assertThat(journey(records).stage()).isEqualTo(Journey.Stage.REFUSED);
        assertThat(count("reported", "hop-count")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "stranger, client-trusted",
        "foreign sender, sender-allowed",
        "null sender, sender-allowed",
        "report, hop-count"
    })
    void anyOtherRefusedMailIsKeptInQuarantineAndNobodyIsTold(String who, String rule) throws Exception {
        var looping = SampleMail.plain().headers(LOOP);
        var mail = switch (who) {
            case "stranger" -> looping.untrusted();
            case "foreign sender" -> looping.sender("ann@example.org");
            case "null sender" -> looping.sender("");
            default -> looping.byTheMesh();
        };
        var encoded = mail.encoded();
        var records = desk().handle(in(encoded));
        assertThat(records).extracting(OutRecord::topic).containsExactlyInAnyOrder(Topics.QUARANTINE, Topics.EVENTS);

        var kept = written(Topics.QUARANTINE, records).getFirst();
        assertThat(kept.value()).isEqualTo(encoded);
        assertThat(kept.key()).isEqualTo(mail.id().text().getBytes(UTF_8));
        assertThat(header(kept, "reason")).startsWith(rule + ": 554 5.");
        assertThat(header(kept, "topic")).isEqualTo("mail.accepted");
        assertThat(header(kept, "partition")).isEqualTo("2");
        assertThat(header(kept, "offset")).isEqualTo("77");
        assertThat(header(kept, "stage")).isEqualTo("policy");
        assertThat(journey(records).detail()).isEqualTo(header(kept, "reason"));
        assertThat(count("discarded", rule)).isEqualTo(1);
    }

    @Test
    void aRefusedMailTakesNothingFromALimit() throws Exception {
        var asked = new ArrayList<String>();
        SenderQuota counting = mail -> {
            asked.add(mail.sender().text());
            return Duration.ZERO;
        };
        var desk = desk(new Splitter(Route.MX, 50), counting);
        desk.handle(in(SampleMail.plain().sender("x@strangers.test").encoded()));
        assertThat(asked).isEmpty();
        desk.handle(in(SampleMail.plain().encoded()));
        assertThat(asked).containsExactly("ann@example.com");
    }

    @Test
    void oneNoteTellsTheMailsJourneyFromItsAcceptance() throws Exception {
        var mail = SampleMail.plain().to("a@one.test", "b@two.test");
        var notes = written(Topics.EVENTS, handle(mail));
        assertThat(notes).hasSize(1);
        assertThat(LedgerCodec.journey(value(notes.getFirst())))
                .isEqualTo(new Journey(
                        mail.id(),
                        Journey.Stage.CLEARED,
                        NOW,
                        mail.envelope().acceptedAt(),
                        "ann@example.com",
                        List.of("a@one.test", "b@two.test"),
                        "no-objection"));
    }

    @Test
    void everyRecordGoesOnInTheMailsTrace() throws Exception {
        for (var mail : List.of(
                SampleMail.plain(),
                SampleMail.plain().untrusted(),
                SampleMail.plain().headers(LOOP))) {
            assertThat(handle(mail))
                    .allMatch(r -> header(r, Trace.HEADER).contains("0af7651916cd43dd8448eb211c80319c"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10000000, false",
        "2, 0,        false",
        "4, 1,        false",
        "5, 1,        true",
        "5, 0,        false",
        "2, 131072,   false",
        "2, 131073,   true",
        "3, 90000,    true",
        "4, 65536,    false",
        "4, 65537,    true",
        "2000000000, 2000000000, true",
    })
    void aBodyForManyNextHopsIsSharedNotCopied(int records, int octets, boolean shared) {
        assertThat(BodyShelf.isShared(records, octets)).isEqualTo(shared);
    }

    @Test
    void aSharedBodyLiesInTheBlobStoreOnceAndEveryRecordNamesIt() throws Exception {
        var body = "Hello, five domains\r\n".getBytes(UTF_8);
        var mail = SampleMail.plain()
                .to("a@1.test", "a@2.test", "a@3.test", "a@4.test", "a@5.test")
                .body(body);
        var cleared = cleared(handle(mail));
        assertThat(cleared).hasSize(5).allSatisfy(record -> {
            assertThat(record.body().length()).isZero();
            assertThat(record.headers()).isEqualTo(mail.mail().headers());
            var content = record.envelope().content();
            assertThat(content).isEqualTo(mail.envelope().content().at("blob-1", sum(body)));
        });
        assertThat(blobs.stored).hasSize(1).containsEntry("blob-1", body);
        assertThat(meters.counter("postmesh_policy_shelved_bodies_total").count())
                .isEqualTo(1);
    }

    @Test
    void aBodyAlreadyInTheBlobStoreStaysWhereItIsAndKeepsItsChecksum() throws Exception {
        var plain = SampleMail.plain().to("a@1.test", "a@2.test", "a@3.test", "a@4.test", "a@5.test");
        var there = plain.envelope().content().at("there", 4711);
        var mail = new MailRecord(plain.envelope().with(there), plain.mail().headers(), Slice.EMPTY);
        assertThat(cleared(desk().handle(in(RecordCodec.encode(mail)))))
                .hasSize(5)
                .allMatch(r -> r.envelope().content().equals(there));
        assertThat(blobs.stored).isEmpty();
    }

    @Test
    void whatIsNoMailIsABadRecord() {
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> desk().handle(in(null)));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> desk().handle(in(new byte[0])));
    }

    /// The decode path, as Kafka would hand it over: a mail, or BadRecord, and never anything else.
    @Test
    void twentyThousandDamagedRecordsStopNothing() throws Exception {
        var random = new Random(20_240_229);
        var desk = desk();
        var seeds = List.of(
                SampleMail.plain().to("a@one.test", "b@two.test").encoded(),
                SampleMail.plain().byTheMesh().encoded(),
                SampleMail.plain().headers(LOOP).encoded(),
                SampleMail.plain().blob("there").encoded());
        int good = 0;
        for (int round = 0; round < 20_000; round++) {
            var bytes = damaged(seeds.get(random.nextInt(seeds.size())), random);
            try {
                assertThat(desk.handle(in(bytes))).isNotEmpty();
                good++;
            } catch (BadRecord expected) {
                assertThat(expected).hasMessageContaining(" ");
            }
        }
        assertThat(good).isBetween(1_000, 19_000);
    }

    private static byte[] damaged(byte[] seed, Random random) {
        var bytes = random.nextInt(4) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length + 8)) : seed.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(Math.min(bytes.length, 250))] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static int sum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    private List<OutRecord> handle(SampleMail mail) throws BadRecord, IOException {
        return desk().handle(in(mail.encoded()));
    }

    private Desk desk() {
        return desk(new Splitter(Route.MX, 50), SenderQuota.UNLIMITED);
    }

    private Desk limited(Duration delay) {
        return desk(new Splitter(Route.MX, 50), _ -> delay);
    }

    private Desk desk(Splitter splitter, SenderQuota quota) {
        var judge = HouseRules.of(BOOK);
        var counts = new PolicyMeters(meters, judge.ruleNames());
        return new Desk(
                judge,
                quota,
                new Dispatch(splitter, new BodyShelf(blobs), counts),
                new Refusal(splitter, BOOK.senders()),
                counts,
                Trace.untold(),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static InRecord in(byte @Nullable [] value) {
        var headers = new RecordHeaders().add(new RecordHeader(Trace.HEADER, PARENT.getBytes(UTF_8)));
        return new InRecord(Topics.ACCEPTED, 2, 77, NOW.toEpochMilli(), null, value, headers);
    }

    private static List<OutRecord> written(Topics topic, List<OutRecord> records) {
        return records.stream().filter(r -> r.topic() == topic).toList();
    }

    private static List<MailRecord> cleared(List<OutRecord> records) throws BadRecord {
        var mails = new ArrayList<MailRecord>();
        for (var record : written(Topics.CLEARED, records)) mails.add(decoded(record));
        return mails;
    }

    private static Journey journey(List<OutRecord> records) throws BadRecord {
        return LedgerCodec.journey(value(written(Topics.EVENTS, records).getFirst()));
    }

    private static MailRecord decoded(OutRecord record) throws BadRecord {
        return RecordCodec.decode(value(record));
    }

    private static byte[] value(OutRecord record) {
        var value = record.value();
        if (value == null) throw new AssertionError("a record without value");
        return value;
    }

    private static String header(OutRecord record, String name) {
        for (var h : record.headers()) if (h.key().equals(name)) return new String(h.value(), UTF_8);
        throw new AssertionError("no header " + name);
    }

    private double count(String fate, String rule) {
        return meters.get("postmesh_policy_decisions_total")
                .tag("decision", fate)
                .tag("rule", rule)
                .counter()
                .count();
    }
}
