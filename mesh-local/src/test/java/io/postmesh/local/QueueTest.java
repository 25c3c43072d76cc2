package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.audit.Audit;
import io.postmesh.audit.AuditPlan;
import io.postmesh.audit.Trails;
import io.postmesh.audit.census.Place;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.Quarantine;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.WriterProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mail.MailMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `./postmesh queue` as an operator uses it, against a whole mesh.
class QueueTest {
    private static final String NOBODY = "01BX5ZZKBKACTAV9WEVGEMMVRZ";
    private static TestMesh mesh;

    private record Said(int code, String out, String err) {
        JsonObject json() {
            return new JsonObject(out);
        }
    }

    @BeforeAll
    static void open() throws Exception {
        mesh = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "1h").start();
    }

    @AfterAll
    static void close() {
        mesh.close();
    }

    private static Said queue(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var kafka = mesh.node().platform().kafka();
        var all = new ArrayList<>(List.of("queue"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("-s", "POSTMESH_KAFKA_BOOTSTRAP=" + kafka.bootstrap(), "-s", "POSTMESH_KAFKA_REPLICAS=1"));
        int code = Main.commands()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private static JsonObject ok(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        var said = queue(all.toArray(String[]::new));
        assertThat(said.code()).as(said.out() + said.err()).isZero();
        return said.json();
    }

    private static JsonArray waiting(String domain) {
        return ok("list", "--domain", domain).getJsonArray("records");
    }

    private static String putOff(String to) throws Exception {
        var id = mesh.submit("ann@demo.test", to).mailId();
        var domain = to.substring(to.indexOf('@') + 1);
        // On a busy machine an owner may not answer in time, and is named: then it is asked again.
        await().atMost(TestMesh.SOON)
                .untilAsserted(() -> assertThat(waiting(domain)).anySatisfy(one -> {
                    assertThat(((JsonObject) one).getString("mail")).isEqualTo(id);
                    assertThat(((JsonObject) one).getString("place")).isEqualTo("waiting");
                }));
        return id;
    }

    @Test
    void anActionWithoutASelectionOrAReasonIsRefused() {
        var unselected = queue("cancel", "--reason", "x");
        assertThat(unselected.code()).isEqualTo(Main.USAGE);
        assertThat(unselected.err()).contains("say which mail", "--all");
        assertThat(queue("cancel", "--all").code()).isEqualTo(Main.USAGE);
        assertThat(queue("cancel", "--all", "--domain", "one.test", "--reason", "x")
                        .code())
                .isEqualTo(Main.USAGE);
        assertThat(queue("hold", "--all", "--reason", "x", "--for", "400d").code())
                .isEqualTo(Main.USAGE);
        assertThat(queue("why", "nonsense").code()).isEqualTo(Main.USAGE);
        assertThat(queue("resend", NOBODY, "--reason", "two\nlines").code()).isEqualTo(Main.USAGE);
    }

    /// `--tag "$TAG"` of a script in which it is not set: not the whole domain.
    @Test
    void anEmptyWordIsRefusedAndDoesNotSelectMore() {
        for (var option : List.of("--tag", "--rule", "--sender", "--id")) {
            var said = queue("cancel", "--domain", "one.test", option, "", "--reason", "x");
            assertThat(said.code()).as(option + said.out()).isEqualTo(Main.USAGE);
        }
    }

    @Test
    void whatIsNotInForceIsNotSaidToBeEnded() {
        var said = queue("end", NOBODY);
        assertThat(said.code()).isEqualTo(Main.FAILED);
        assertThat(said.out()).startsWith("nothing is ended");
        var hold = ok("hold", "--domain", "ended.test", "--reason", "a test").getString("action");
        assertThat(queue("end", hold).code()).isZero();
        assertThat(queue("end", hold).code()).isEqualTo(Main.FAILED);
        assertThat(queue("summary", "--limit", "-1").code()).isEqualTo(Main.USAGE);
    }

    @Test
    void whatWaitsIsSummedUpListedExplainedAndCancelled() throws Exception {
        var id = putOff("tempfail@sum.test");
        var row = ok("summary", "--domain", "sum.test").getJsonArray("queues").getJsonObject(0);
        assertThat(row.getString("destination")).isEqualTo("sum.test");
        assertThat(row.getLong("waiting")).isEqualTo(1);
        assertThat(row.getString("last_reply")).startsWith("4");
        assertThat(queue("summary").out()).contains("sum.test", "destination");
        assertThat(queue("list", "--sender", "ann@demo.test").out()).contains(id);

        var dry = ok("cancel", "--domain", "sum.test", "--reason", "a test", "--dry-run");
        assertThat(dry.getLong("mails")).isEqualTo(1);
        assertThat(waiting("sum.test")).hasSize(1);

        var why = queue("why", id);
        assertThat(why.code()).as(why.out()).isZero();
        assertThat(why.out())
                .contains("accepted", "deferred", "tempfail@sum.test waiting, next attempt in ")
                .containsPattern("(?m)^trace [0-9a-f]{32}( \\(not sampled\\))?$")
                .doesNotContain("reason=internal");

        var act = ok("cancel", "--id", id, "--reason", "nobody wants it");
        assertThat(act.getLong("done")).isEqualTo(1);
        await().atMost(TestMesh.SOON)
                .untilAsserted(() -> assertThat(waiting("sum.test")).isEmpty());
        await().atMost(TestMesh.SOON).until(() -> queue("why", id).out().contains("cancelled at "));
        assertThat(queue("why", id).out()).contains("nobody wants it");
        var audit = new Audit(mesh.node().platform().kafka(), AuditPlan.of(Duration.ofDays(1), 100_000));
        var tally = audit.of(Duration.ofHours(1), Instant.now()).tally();
        assertThat(tally.found(Place.CANCELLED)).isPositive();
        assertThat(tally.missing()).isZero();
    }

    @Test
    void aTaggedMailIsSuspendedByItsTagAndResumed() throws Exception {
        var suspended = ok("suspend", "--tag", "news letter", "--reason", "too early", "--for", "30m");
        assertThat(suspended.getBoolean("complete")).isTrue();
        var mail = new MailMessage()
                .setFrom("ann@demo.test")
                .setTo("tagged@tag.test")
                .setSubject("a test")
                .setText("text\n")
                .addHeader("X-Postmesh-Tag", "news letter");
        mesh.submit(mail);
        mesh.submit("ann@demo.test", "untagged@tag.test");
        mesh.awaitAtSink("untagged@tag.test");
        await().atMost(TestMesh.SOON)
                .untilAsserted(() -> assertThat(waiting("tag.test")).hasSize(1));
        var record = waiting("tag.test").getJsonObject(0);
        assertThat(record.getString("tag")).isEqualTo("news-letter");
        assertThat(record.getString("place")).isEqualTo("suspended");
        assertThat(record.getJsonArray("actions")).hasSize(1);
        assertThat(queue("actions").out()).contains("tag=news-letter", "too early");
        ok("resume", "--tag", "news letter", "--reason", "now");
        mesh.awaitAtSink("tagged@tag.test");
        var action = suspended.getString("action");
        assertThat(queue("actions").out()).contains("no more in effect: resume ");
        assertThat(queue("summary").out()).doesNotContain(action);
        assertThat(ok("end", action).getString("ended")).isEqualTo(action);
        assertThat(queue("actions").out()).doesNotContain(action);
        var again = queue("end", action);
        assertThat(again.code()).isEqualTo(Main.FAILED);
        assertThat(again.out()).contains("is in force");
    }

    @Test
    void whatAResumeSetFreeWaitsAndIsNotSuspendedAnyMore() throws Exception {
        putOff("tempfail@free.test");
        ok("suspend", "--domain", "free.test", "--reason", "their wish");
        assertThat(found(Place.SUSPENDED)).isEqualTo(1); // its state was written before anybody said so
        ok("resume", "--domain", "free.test", "--reason", "they are back");
        assertThat(found(Place.SUSPENDED)).isZero();
        ok("cancel", "--domain", "free.test", "--reason", "nobody wants it");
    }

    private static long found(Place place) throws Exception {
        var audit = new Audit(mesh.node().platform().kafka(), AuditPlan.of(Duration.ofDays(1), 100_000));
        return audit.of(Duration.ofHours(1), Instant.now()).tally().found(place);
    }

    @Test
    void aBouncedMailsSenderIsToldTheReason() throws Exception {
        var id = putOff("tempfail@bounce.test");
        ok("bounce", "--id", id, "--reason", "the address is wrong");
        var report = mesh.awaitAtSink("ann@demo.test");
        assertThat(new String(report.message(), UTF_8))
                .contains("An operator of this system gave it up", "the address is wrong")
                .contains("Status: 5.7.1");
    }

    @Test
    void aMailIsRepeatedOnPurposeAndNotByAccident() throws Exception {
        double before = dropped();
        var id = mesh.submit("ann@demo.test", "again@repeat.test").mailId();
        mesh.awaitAtSink("again@repeat.test");
        assertThat(queue("resend", id, "--reason", "lost at their side").code()).isZero();
        await().atMost(TestMesh.SOON).until(() -> arrived("again@repeat.test") == 2);
        assertThat(queue("resend", id, "--reason", "typed twice").out())
                .contains("to 1 recipient; it was sent again already, and nobody gets it twice");
        var second = ok("resend", id, "--repeat", "2", "--reason", "once more");
        assertThat(second.getString("repeats")).isEqualTo(id);
        assertThat(second.getInteger("number")).isEqualTo(2);
        await().atMost(TestMesh.SOON).until(() -> arrived("again@repeat.test") == 3);
        await().atMost(TestMesh.SOON).until(() -> dropped() == before + 1);
        assertThat(arrived("again@repeat.test")).isEqualTo(3);
    }

    // It was there for longer than mail.accepted is kept; each record is for one next hop.
    @Test
    void whatLiesInQuarantineIsSentAgainToAllItsRecipientsThere() throws Exception {
        var kafka = mesh.node().platform().kafka();
        var real = mesh.submit("ann@demo.test", "old@quarantine.test").mailId();
        var mail = new Trails(kafka).accepted(MailId.parse(real).orElseThrow()).orElseThrow();
        var id = MailId.of(System.currentTimeMillis(), 1, 2);
        try (var writer = TopicWriter.open(kafka, "workshop", WriterProfile.LEDGER, new SimpleMeterRegistry())) {
            for (int position : List.of(1, 3)) quarantine(writer, mail, id, position);
        }
        assertThat(ok("resend", id.text(), "--reason", "its killer is mended").getInteger("recipients"))
                .isEqualTo(2);
        for (int position : List.of(1, 3)) mesh.awaitAtSink("q" + position + "@quarantine.test");
    }

    @Test
    void aRepeatThatWasSentToEachApartWasSentToAll() throws Exception {
        var kafka = mesh.node().platform().kafka();
        var real = mesh.submit("ann@demo.test", "apart@quarantine.test").mailId();
        var mail = new Trails(kafka).accepted(MailId.parse(real).orElseThrow()).orElseThrow();
        var id = MailId.of(System.currentTimeMillis(), 1, 3);
        try (var writer = TopicWriter.open(kafka, "workshop", WriterProfile.LEDGER, new SimpleMeterRegistry())) {
            for (int position : List.of(5, 7)) quarantine(writer, mail, id, position);
        }
        for (int position : List.of(5, 7)) {
            var apart = ok("resend", id.text(), "--to", "q" + position + "@quarantine.test", "--reason", "one of two");
            assertThat(apart.getBoolean("sent_before")).isFalse();
        }
        assertThat(ok("resend", id.text(), "--reason", "both").getBoolean("sent_before"))
                .isTrue();
    }

    private static void quarantine(TopicWriter writer, MailRecord mail, MailId id, int position) throws Exception {
        var old = mail.envelope();
        var to = MailAddress.parse("q" + position + "@quarantine.test").orElseThrow();
        var envelope = new Envelope(
                id,
                old.acceptedAt(),
                old.placement(),
                old.sender(),
                List.of(new Recipient(position, to)),
                old.origin(),
                old.content(),
                Optional.empty());
        var value = RecordCodec.encode(new MailRecord(envelope, mail.headers(), mail.body()));
        var read = new InRecord(Topics.SIGNED, 0, 0, old.acceptedAt().toEpochMilli(), null, value, new RecordHeaders());
        writer.send(Quarantine.of(read, "delivery", "a test")).get(30, TimeUnit.SECONDS);
    }

    private static double dropped() {
        return mesh.node()
                .platform()
                .meters()
                .counter("postmesh_delivery_duplicates_dropped_total")
                .count();
    }

    private static long arrived(String to) {
        return mesh.sink().inbox().to(to).size();
    }
}
