package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.audit.Audit;
import io.postmesh.audit.AuditPlan;
import io.postmesh.audit.census.Missing;
import io.postmesh.audit.census.Place;
import io.postmesh.audit.census.Sheet;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.DeliveryService;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import io.postmesh.policy.PolicyService;
import io.postmesh.signer.SignerService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everybody accepted is found again, wherever they went (LEDGER L23).
class AuditTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final AuditPlan PLAN = new AuditPlan(Duration.ofDays(1), 1_000_000, Duration.ofMillis(200), 100);

    @TempDir
    private Path folder;

    @Test
    void everybodyIsFoundWhereverTheyWent() throws Exception {
        try (var mesh = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "10m")
                .set("POSTMESH_AUDIT_EVERY", "1s")
                .set("POSTMESH_SENDER_DOMAIN_RATE", "1/h+15")
                .start()) {
            for (int i = 0; i < 10; i++) mesh.submit("ann@demo.test", "ok" + i + "@audit.test", "more@another.test");
            mesh.submit("ann@demo.test", "reject@audit.test"); // and a report
            mesh.submit("ann@demo.test", "tempfail@audit.test", "fine@audit.test");
            var looped = "Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\r\n".repeat(90)
                    + "From: ann@demo.test\r\nSubject: x\r\n\r\nx\r\n";
            mesh.submitRaw("ann@demo.test", "looped@audit.test", looped.getBytes(US_ASCII));
            for (int i = 0; i < 16; i++) mesh.submit("ann@held.test", "held" + i + "@audit.test");
            behindTheDoor(mesh, RecordCodec.encode(letter(mesh, false, 1))); // a stranger's: discarded
            behindTheDoor(mesh, RecordCodec.encode(letter(mesh, true, 150))); // refused, with a report
            behindTheDoor(mesh, "no mail".getBytes(US_ASCII));
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                var tally = audit(mesh).tally();
                assertThat(tally.recipients()).isEqualTo(44);
                assertThat(tally.found(Place.DELIVERED)).isEqualTo(39);
                assertThat(tally.found(Place.WAITING)).isEqualTo(2);
            });
            var sheet = audit(mesh);
            assertThat(sheet.tally().found(Place.FAILED)).isEqualTo(2);
            assertThat(sheet.tally().refused()).isEqualTo(1);
            assertThat(sheet.tally().found(Place.DISCARDED)).isEqualTo(1);
            assertThat(sheet.tally().rules()).containsOnlyKeys("client-trusted");
            assertThat(sheet.tally().missing()).isZero();
            assertThat(sheet.tally().twice()).isZero();
            assertThat(sheet.tally().inDoubt()).isZero();
            assertThat(sheet.unreadable()).isEqualTo(1);
            assertThat(sheet.illegible()).isEqualTo(1);
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                assertThat(gauge(mesh, "postmesh_audit_accepted_recipients")).isEqualTo(44);
                assertThat(gauge(mesh, "postmesh_messages_unaccounted")).isZero();
            });
        }
    }

    @Test
    void aSecondProcessFindsTheNodesOwnBrokerByItsDataFolder() throws Exception {
        try (var sink = SmtpSink.start(new SinkOptions());
                var node = start(sink.port())) {
            var smtp = node.awaitLine("ready: SMTP on (\\S+),").group(1);
            send(smtp, "before@audit.test");
            assertThat(sink.inbox().to("before@audit.test")).hasSize(1); // it was waited for
            try (var audit = Child.start(folder, Map.of(), "audit")) {
                assertThat(audit.await(TestMesh.SOON)).as(audit.output()).isZero();
                assertThat(audit.output())
                        .startsWith("mail accepted from ")
                        .containsPattern("(?m)^ *1  accepted")
                        .containsPattern("(?m)^ *0  missing")
                        .hasLineCount(17);
            }
        }
    }

    @Test
    void whoseRecordVanishedBehindTheMeshsBackIsNamedAndNobodyElse() throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")))) {
            var backends = Map.of(
                    "POSTMESH_KAFKA_BOOTSTRAP", kafka.bootstrap(),
                    "POSTMESH_REDIS_URL", redis.url(),
                    "POSTMESH_KAFKA_REPLICAS", "1",
                    "POSTMESH_OWNER_PARTITIONS", "2",
                    "POSTMESH_ACCEPTED_PARTITIONS", "2");
            String lost;
            try (var half = HalfMesh.start(backends, folder)) { // nobody delivers
                lost = half.submit("vanished@audit.test");
                half.awaitSigned(1);
                half.submit("kept@audit.test");
                half.awaitSigned(2);
                half.forgetFirstSigned();
            }
            var plan = TestMesh.with("POSTMESH_TRANSACTIONS", "true");
            backends.forEach(plan::set);
            plan.set("POSTMESH_BLOBS", folder.resolve("blobs").toString());
            try (var mesh = plan.start()) {
                mesh.awaitAtSink("kept@audit.test");
                assertThat(mesh.sink().inbox().to("vanished@audit.test")).isEmpty();
                await().atMost(TestMesh.SOON).untilAsserted(() -> {
                    var sheet = audit(mesh);
                    assertThat(sheet.tally().found(Place.DELIVERED)).isEqualTo(1);
                    assertThat(sheet.missing()).containsExactly(new Missing(new MailId(lost), 0));
                });
            }
            try (var audit = Child.start(folder, backends, "audit", "--since", "10m")) {
                assertThat(audit.await(TestMesh.SOON)).as(audit.output()).isEqualTo(1);
                assertThat(audit.output())
                        .containsPattern("(?m)^ *2  accepted")
                        .containsPattern("(?m)^ *1  delivered")
                        .containsPattern("(?m)^ *1  missing")
                        .endsWith("missing: " + lost + " recipient 0");
            }
        }
    }

    @Test
    void aQuestionBeyondTheReplayWindowIsRefusedWithTheOldestPossibleTime() throws Exception {
        try (var audit =
                Child.start(folder, Map.of("POSTMESH_KAFKA_BOOTSTRAP", "127.0.0.1:1"), "audit", "--since", "25h")) {
            assertThat(audit.await(TestMesh.SOON)).isEqualTo(64);
            assertThat(audit.output())
                    .contains("the oldest possible time is "
                            + Instant.now()
                                    .minus(Duration.ofHours(24))
                                    .toString()
                                    .substring(0, 13))
                    .hasLineCount(1);
        }
    }

    @Test
    void withoutANodeOrATimeItIsSaidInALine() throws Exception {
        try (var audit = Child.start(folder, Map.of(), "audit")) {
            assertThat(audit.await(TestMesh.SOON)).isEqualTo(1);
            assertThat(audit.output())
                    .contains("no node is at work in " + folder)
                    .hasLineCount(1);
        }
        try (var audit = Child.start(folder, Map.of(), "audit", "--since", "yesterday")) {
            assertThat(audit.await(TestMesh.SOON)).isEqualTo(64);
            assertThat(audit.output()).contains("--since: 'yesterday'");
        }
    }

    @Test
    void theListOfReadersNamesEveryGroupOfTheServices() {
        assertThat(Arrays.stream(Reader.values()).map(Reader::group))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(PolicyService.GROUPS, SignerService.GROUPS, DeliveryService.GROUPS)
                                .flatMap(List::stream)
                                .toList());
        assertThat(Arrays.stream(Reader.values()).map(Reader::topic))
                .containsExactlyInAnyOrder(Topics.ACCEPTED, Topics.CLEARED, Topics.SIGNED, Topics.OUTCOMES);
    }

    // What ingress would have refused in the dialogue.
    private static MailRecord letter(TestMesh mesh, boolean trusted, int hops) {
        var headers = ("Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\r\n".repeat(hops)
                        + "From: ann@demo.test\r\nSubject: x\r\n\r\n")
                .getBytes(US_ASCII);
        var envelope = new Envelope(
                MailId.at(System.currentTimeMillis(), new Random()),
                Instant.now(),
                mesh.node().platform().topics().placement(),
                ReversePath.of(MailAddress.parse("ann@demo.test").orElseThrow()),
                List.of(new Recipient(
                        0, MailAddress.parse("hops" + hops + "@audit.test").orElseThrow())),
                new Origin.Client("192.0.2.1", "client.test", trusted),
                new Content(
                        headers.length,
                        new byte[32],
                        new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), 0),
                        false,
                        false,
                        Domain.parse("demo.test"),
                        "<x@demo.test>"),
                Optional.empty());
        return new MailRecord(envelope, Slice.of(headers), Slice.EMPTY);
    }

    private static void behindTheDoor(TestMesh mesh, byte[] record) throws Exception {
        try (var producer =
                new KafkaProducer<byte[], byte[]>(mesh.node().platform().kafka().producer("behind-the-door"))) {
            producer.send(new ProducerRecord<>(Topics.ACCEPTED.topic(), record)).get();
        }
    }

    private static Sheet audit(TestMesh mesh) throws Exception {
        return new Audit(mesh.node().platform().kafka(), PLAN).of(HOUR, Instant.now());
    }

    private static double gauge(TestMesh mesh, String name) {
        return mesh.node().platform().meters().get(name).gauge().value();
    }

    private Child start(int sink) throws Exception {
        return Child.start(
                folder,
                Map.of(
                        "ALLOWED_SENDER_DOMAINS", "demo.test",
                        "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                        "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                        "RELAYHOST", "[127.0.0.1]:" + sink),
                "run");
    }

    private void send(String smtp, String to) throws Exception {
        try (var send = Child.start(folder, Map.of(), "send", "--to", to, "--server", smtp, "--wait", "1m")) {
            assertThat(send.await(TestMesh.SOON)).as(send.output()).isZero();
        }
    }
}
