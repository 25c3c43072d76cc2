package io.postmesh.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Clearance;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicTail;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.WriterProfile;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.runtime.trace.Trace;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policy on a real Kafka and a real Redis: what goes into `mail.accepted`, and what other rooms then find.
class PolicyStageTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Random RANDOM = new Random(11);
    private static final Map<Topics, Queue<InRecord>> FOUND = new ConcurrentHashMap<>();

    @TempDir
    private static Path folder;

    private static ServiceRun run = ServiceRun.named("policy-test");
    private static TopicWriter writer;
    private static FolderBlobStore blobs;

    /// Two messages at once, then one an hour, for every sender domain.
    @BeforeAll
    static void start() throws Exception {
        var meters = new SimpleMeterRegistry();
        var broker = run.open(
                EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")), EmbeddedKafka.Options.FAST));
        var redisServer = run.open(EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis"))));
        var kafka = KafkaSettings.oneNode(broker.bootstrap());
        var vertx = Vertx.vertx();
        run.open(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        blobs = FolderBlobStore.open(folder.resolve("blobs"));
        var platform = new Platform(
                vertx,
                kafka,
                run.open(MeshTopics.open(kafka, Set.of())),
                run.open(RedisState.connect(redisServer.url(), meters)),
                blobs,
                meters,
                new Health(),
                Trace.untold(),
                Clock.systemUTC());
        writer = run.open(TopicWriter.open(kafka, "ingress", WriterProfile.INTAKE, meters));
        for (var topic : List.of(Topics.CLEARED, Topics.OUTCOMES, Topics.QUARANTINE, Topics.EVENTS)) tail(kafka, topic);
        var settings = Settings.load(
                Map.of(), Map.of("ALLOWED_SENDER_DOMAINS", "example.com", "POSTMESH_SENDER_DOMAIN_RATE", "1/h+2"));
        PolicyService.open(run, PolicyConfig.from(settings), platform).joined().get(20, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        run.close();
    }

    @Test
    void anAcceptedMailIsClearedIntoItsPartition() throws Exception {
        var mail = mail("a.example.com").to("a@one.test", "b@two.test", "c@one.test");
        accept(mail.encoded());
        var cleared = awaitRecords(Topics.CLEARED, mail.id(), 2);
        for (var record : cleared) {
            var envelope = decoded(record).envelope();
            assertThat(record.partition()).isEqualTo(clearance(record).partition());
            assertThat(envelope.acceptedAt()).isEqualTo(mail.envelope().acceptedAt());
            assertThat(record.headers().lastHeader(Trace.HEADER)).isNotNull();
            assertThat(decoded(record).body()).isEqualTo(mail.mail().body());
        }
        assertThat(cleared)
                .extracting(r -> clearance(r).destination())
                .containsExactlyInAnyOrder("one.test", "two.test");
        awaitRecords(Topics.EVENTS, mail.id(), 1);
    }

    @Test
    void aMailForFiveDomainsSharesOneBlob() throws Exception {
        var mail = mail("b.example.com").to("a@1.test", "a@2.test", "a@3.test", "a@4.test", "a@5.test");
        accept(mail.encoded());
        var keys = new ArrayList<String>();
        for (var record : awaitRecords(Topics.CLEARED, mail.id(), 5)) {
            keys.add(decoded(record).envelope().content().body().blob().orElseThrow());
        }
        assertThat(Set.copyOf(keys)).hasSize(1);
        try (var in = blobs.open(keys.getFirst())) {
            assertThat(in.readAllBytes()).isEqualTo(mail.body());
        }
    }

    @Test
    void aLoopingMailOfOursFailsInTheLedger() throws Exception {
        var mail = mail("c.example.com").headers("Received: x\r\n".repeat(101) + SampleMail.HEADERS);
        accept(mail.encoded());
        var outcome = LedgerCodec.outcome(
                value(awaitRecords(Topics.OUTCOMES, mail.id(), 1).getFirst()));
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.recipients()).isEqualTo(mail.to());
    }

    @Test
    void aMailNobodyMayBeToldAboutIsKeptInQuarantine() throws Exception {
        var mail = mail("example.org");
        accept(mail.encoded());
        var kept = awaitRecords(Topics.QUARANTINE, mail.id(), 1).getFirst();
        assertThat(kept.value()).isEqualTo(mail.encoded());
        assertThat(new String(kept.headers().lastHeader("reason").value(), UTF_8))
                .startsWith("sender-allowed: 554 5.7.1");
    }

    @Test
    void mailOverItsDomainsLimitOfTwoQueuesUpAnHourApart() throws Exception {
        var before = Instant.now();
        var mails = new ArrayList<SampleMail>();
        for (int i = 0; i < 5; i++) mails.add(mail("limited.example.com"));
        for (var mail : mails) accept(mail.encoded());
        var waits = new ArrayList<Long>();
        for (var mail : mails) {
            var clearance = clearance(awaitRecords(Topics.CLEARED, mail.id(), 1).getFirst());
            assertThat(clearance.holdReason().isPresent())
                    .isEqualTo(clearance.notBefore().isPresent());
            waits.add(clearance
                    .notBefore()
                    .map(t -> Duration.between(before, t).plusMinutes(10).toHours())
                    .orElse(0L));
        }
        assertThat(waits).containsExactlyInAnyOrder(0L, 0L, 1L, 2L, 3L);
    }

    /// Stranger's bytes in the topic stop nothing: they are put away, and the next mail goes on.
    @Test
    void garbageGoesToQuarantineAndTheNextMailGoesOn() throws Exception {
        int before = found(Topics.QUARANTINE).size();
        for (int i = 0; i < 50; i++) {
            var garbage = new byte[RANDOM.nextInt(400)];
            RANDOM.nextBytes(garbage);
            if (garbage.length > 0 && i % 2 == 0) garbage[0] = 1;
            accept(garbage);
        }
        var mail = mail("d.example.com");
        accept(mail.encoded());
        awaitRecords(Topics.CLEARED, mail.id(), 1);
        await().atMost(SOON).until(() -> found(Topics.QUARANTINE).size() >= before + 50);
    }

    private static SampleMail mail(String senderDomain) {
        return SampleMail.plain()
                .id(MailId.at(System.currentTimeMillis(), RANDOM))
                .sender("ann@" + senderDomain);
    }

    private static void accept(byte[] value) throws Exception {
        writer.send(new OutRecord(Topics.ACCEPTED, null, null, value, List.of()))
                .get(10, TimeUnit.SECONDS);
    }

    private static Queue<InRecord> found(Topics topic) {
        return FOUND.computeIfAbsent(topic, _ -> new ConcurrentLinkedQueue<>());
    }

    private static void tail(KafkaSettings kafka, Topics topic) {
        run.open(TopicTail.open(kafka, "test-" + topic.topic(), topic, TopicTail.From.EARLIEST, found(topic)::add));
    }

    private static List<InRecord> awaitRecords(Topics topic, MailId id, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(about(topic, id)).hasSizeGreaterThanOrEqualTo(count));
        assertThat(about(topic, id)).hasSize(count);
        return about(topic, id);
    }

    private static List<InRecord> about(Topics topic, MailId id) {
        return found(topic).stream().filter(r -> id.equals(idOf(topic, r))).toList();
    }

    private static MailId idOf(Topics topic, InRecord record) {
        try {
            return switch (topic) {
                case EVENTS -> LedgerCodec.journey(value(record)).id();
                case OUTCOMES -> LedgerCodec.outcome(value(record)).id();
                default -> decoded(record).envelope().id();
            };
        } catch (BadRecord e) {
            return new MailId("00000000000000000000000000"); // garbage in quarantine
        }
    }

    private static MailRecord decoded(InRecord record) throws BadRecord {
        return RecordCodec.decode(value(record));
    }

    private static byte[] value(InRecord record) {
        return java.util.Objects.requireNonNull(record.value());
    }

    private static Clearance clearance(InRecord record) {
        try {
            return decoded(record).envelope().clearance().orElseThrow();
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }
}
