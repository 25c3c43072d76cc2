package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Reader;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.forget.BlobSweep;
import io.postmesh.delivery.forget.Trimmer;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.ReplayWindow;
import io.vertx.ext.mail.MailMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing unread is ever removed, however much time passes (LEDGER L21), and no blob that is needed (L22).
class ForgettingTest {
    private static final ReplayWindow DAY = new ReplayWindow(Duration.ofDays(1));

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private EmbeddedRedis redis;
    private Map<String, String> backends;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
        redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")));
        backends = Map.of(
                "POSTMESH_KAFKA_BOOTSTRAP", kafka.bootstrap(),
                "POSTMESH_REDIS_URL", redis.url(),
                "POSTMESH_KAFKA_REPLICAS", "1",
                "POSTMESH_OWNER_PARTITIONS", "2",
                "POSTMESH_ACCEPTED_PARTITIONS", "2");
    }

    @AfterEach
    void stop() throws Exception {
        redis.close();
        kafka.close();
    }

    @Test
    void deliveryStoppedForThreeDaysLosesNothing() throws Exception {
        try (var half = HalfMesh.start(backends, folder)) {
            for (int i = 0; i < 5; i++) half.submit("three-days" + i + "@late.test");
            half.awaitSigned(5);
            await().atMost(TestMesh.SOON).until(() -> committed(Reader.SIGNER) > 0 && committed(Reader.POLICY) > 0);
            afterDays(3);
            // Policy and signer are through with theirs, and nobody has seen the rest.
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                afterDays(3);
                assertThat(left(Topics.ACCEPTED)).isZero();
                assertThat(left(Topics.CLEARED)).isZero();
            });
            half.awaitSigned(5);
        }
        try (var mesh = mesh()) {
            for (int i = 0; i < 5; i++) mesh.awaitAtSink("three-days" + i + "@late.test");
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                afterDays(3);
                assertThat(left(Topics.SIGNED)).isZero();
            });
        }
    }

    @Test
    void policyAndSignerStoppedForThreeDaysLoseNothing() throws Exception {
        try (var half = HalfMesh.start(backends, folder)) {
            half.submit("before@late.test");
            half.awaitSigned(1);
            await().atMost(TestMesh.SOON).until(() -> committed(Reader.SIGNER) > 0 && committed(Reader.POLICY) > 0);
        }
        var blobs = FolderBlobStore.open(folder.resolve("blobs"));
        var unread = new TreeSet<String>();
        try (var door = HalfMesh.doorOnly(backends, folder)) {
            for (int i = 0; i < 5; i++)
                unread.add(door.submit("unread" + i + "@late.test", i == 0 ? large() : "text\n"));
            assertThat(ids(Topics.ACCEPTED)).hasSize(6).containsAll(unread);
            for (int day = 1; day <= 3; day++) {
                afterDays(day + 1);
                sweep(blobs, Duration.ofDays(day + 1));
            }
            assertThat(ids(Topics.ACCEPTED)).isEqualTo(unread); // what policy has read goes, and nothing else
            assertThat(left(Topics.CLEARED)).isZero();
            assertThat(left(Topics.SIGNED)).isEqualTo(1);
            assertThat(keys(blobs)).hasSize(1);
        }
        try (var mesh = mesh()) {
            mesh.awaitAtSink("before@late.test");
            for (int i = 0; i < 5; i++) mesh.awaitAtSink("unread" + i + "@late.test");
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                afterDays(3);
                assertThat(left(Topics.ACCEPTED)).isZero();
            });
        }
    }

    @Test
    void whatIsYoungStaysAndWhatIsCompactedOrQuarantinedStaysForEver() throws Exception {
        try (var mesh = mesh()) {
            mesh.submit("ann@demo.test", "tempfail@young.test", "ok@young.test");
            mesh.awaitAtSink("ok@young.test");
            await().atMost(TestMesh.SOON).until(() -> left(Topics.WAITING) > 0);
            await().atMost(TestMesh.SOON).until(() -> committed(Reader.DELIVERY) > 0);
            trim(Duration.ofHours(23));
            assertThat(left(Topics.ACCEPTED)).isPositive();
            assertThat(left(Topics.SIGNED)).isPositive();
            long waiting = left(Topics.WAITING);
            long bodies = left(Topics.WAITING_BODIES);
            afterDays(30);
            assertThat(left(Topics.WAITING)).isEqualTo(waiting);
            assertThat(left(Topics.WAITING_BODIES)).isEqualTo(bodies);
        }
    }

    @Test
    void aBouncerThatLagsBehindHoldsTheTrimmer() throws Exception {
        try (var mesh = mesh()) {
            mesh.submit("ann@demo.test", "reject@bouncer.test");
            mesh.awaitAtSink("ann@demo.test"); // the report
        }
        long before = left(Topics.OUTCOMES);
        forget(Reader.BOUNCER);
        ownersNeedNothing();
        afterDays(3);
        assertThat(left(Topics.OUTCOMES)).isEqualTo(before);
        assertThat(left(Topics.ACCEPTED)).isZero(); // others go on
        commit(Reader.BOUNCER, "");
        afterDays(3);
        assertThat(left(Topics.OUTCOMES)).isZero();
    }

    @Test
    void theNextOwnersLedgerStaysThoughTheBouncerHasReadIt() throws Exception {
        try (var mesh = mesh()) {
            mesh.submit("ann@demo.test", "ok@ledger.test");
            mesh.awaitAtSink("ok@ledger.test");
            await().atMost(TestMesh.SOON).until(() -> committed(Reader.BOUNCER) > 0);
        }
        assertThat(left(Topics.OUTCOMES)).isEqualTo(2);
        afterDays(3);
        assertThat(left(Topics.OUTCOMES)).isEqualTo(1); // the note goes, the result is remembered (L18)
        forget(Reader.DELIVERY);
        afterDays(3);
        assertThat(left(Topics.OUTCOMES)).isEqualTo(1);
    }

    @Test
    void aBlobOfMailNobodyDeliveredYetStaysAndOneThatNothingNamesGoes() throws Exception {
        var blobs = FolderBlobStore.open(folder.resolve("blobs"));
        try (var half = HalfMesh.start(backends, folder)) {
            half.submit("large@late.test", large());
            half.awaitSigned(1);
        }
        var named = keys(blobs);
        assertThat(named).hasSize(1);
        orphan(blobs);
        sweep(blobs, Duration.ofHours(20));
        assertThat(keys(blobs)).hasSize(2); // too young
        var ours = blobs.mark(BlobMark.next("ours"));
        var mark = folder.resolve("blobs").resolve(BlobStore.MARK);
        Files.writeString(mark, BlobMark.next("theirs").text());
        sweep(blobs, Duration.ofDays(3));
        assertThat(keys(blobs)).hasSize(2); // another mesh's, in the place of ours
        Files.writeString(mark, ours.text());
        sweep(blobs, Duration.ofDays(3));
        assertThat(keys(blobs)).isEqualTo(named);
    }

    @Test
    void aBlobIsKeptByTheBodyOfWaitingMailAloneAndByARecordNobodyCanRead() throws Exception {
        try (var mesh = mesh()) {
            var blobs = mesh.node().platform().blobs();
            mesh.submit(letter("tempfail@blob.test"));
            await().atMost(TestMesh.SOON).until(() -> left(Topics.WAITING) > 0);
            var waiting = keys(blobs);
            mesh.submit(letter("ok@blob.test"));
            mesh.awaitAtSink("ok@blob.test");
            assertThat(keys(blobs)).hasSize(2);
            var spoilt = orphan(blobs);
            quarantine("garbage " + spoilt + " garbage");
            await().atMost(TestMesh.SOON).untilAsserted(() -> {
                afterDays(3);
                assertThat(left(Topics.ACCEPTED) + left(Topics.CLEARED) + left(Topics.SIGNED))
                        .isZero();
            });
            sweep(blobs, Duration.ofDays(3));
            var kept = new TreeSet<>(waiting);
            kept.add(spoilt);
            assertThat(keys(blobs)).isEqualTo(kept);
        }
    }

    @Test
    void withoutKafkaNoBlobIsRemoved() throws Exception {
        var blobs = FolderBlobStore.open(folder.resolve("blobs"));
        orphan(blobs);
        kafka.close();
        var meters = new SimpleMeterRegistry();
        var properties = Map.of("socket.connection.setup.timeout.ms", "1000");
        var away = new KafkaSettings(kafka.bootstrap(), properties, 1, true, true, "local", 2, 2);
        new BlobSweep(away, blobs, DAY, meters, Clock.offset(Clock.systemUTC(), Duration.ofDays(3))).sweep();
        assertThat(keys(blobs)).hasSize(1);
        assertThat(meters.get("postmesh_blobs_sweep_failures_total").counter().count())
                .isEqualTo(1);
    }

    private static String large() {
        var bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        return Base64.getMimeEncoder().encodeToString(bytes) + "\n";
    }

    private static MailMessage letter(String to) {
        return new MailMessage()
                .setFrom("ann@demo.test")
                .setTo(to)
                .setSubject("a large one")
                .setText(large());
    }

    private static String orphan(BlobStore blobs) throws Exception {
        try (var blob = blobs.create()) {
            blob.write(new byte[] {1}, 0, 1);
            return blob.commit();
        }
    }

    private static TreeSet<String> keys(BlobStore blobs) throws Exception {
        try (var all = blobs.list()) {
            return all.map(BlobStore.Stored::key).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void quarantine(String text) throws Exception {
        try (var producer = new KafkaProducer<byte[], byte[]>(settings().producer("spoiler"))) {
            producer.send(new ProducerRecord<>(Topics.QUARANTINE.topic(), text.getBytes(US_ASCII)))
                    .get();
        }
    }

    private void sweep(BlobStore blobs, Duration later) {
        var clock = Clock.offset(Clock.systemUTC(), later);
        new BlobSweep(settings(), blobs, DAY, new SimpleMeterRegistry(), clock).sweep();
    }

    private TestMesh mesh() throws Exception {
        var plan = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "1h");
        backends.forEach(plan::set);
        plan.set("POSTMESH_BLOBS", folder.resolve("blobs").toString());
        return plan.start();
    }

    private void afterDays(int days) throws Exception {
        trim(Duration.ofDays(days));
    }

    // The clock is put forward, the records are of today.
    private void trim(Duration later) throws Exception {
        var meters = new SimpleMeterRegistry();
        var clock = Clock.offset(Clock.systemUTC(), later);
        try (var trimmer = Trimmer.open(settings(), DAY, meters, clock)) {
            trimmer.trim();
        }
        assertThat(meters.get("postmesh_trim_failures_total").counter().count()).isZero();
    }

    private KafkaSettings settings() {
        return KafkaSettings.oneNode(kafka.bootstrap());
    }

    private Admin admin() {
        return Admin.create(settings().admin("looker"));
    }

    private long committed(Reader reader) throws Exception {
        try (var admin = admin()) {
            return admin
                    .listConsumerGroupOffsets(reader.group())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .filter(Objects::nonNull)
                    .mapToLong(commit -> commit.offset())
                    .sum();
        }
    }

    // As if it had never committed. Its last member may not have left yet.
    private void forget(Reader reader) throws Exception {
        try (var admin = admin()) {
            await().atMost(TestMesh.SOON).ignoreExceptions().until(() -> {
                admin.deleteConsumerGroups(List.of(reader.group())).all().get();
                return true;
            });
        }
    }

    // A bookmark of an owner with nothing open and a short memory: format, epoch, three positions.
    private void ownersNeedNothing() throws Exception {
        var bookmark = ByteBuffer.allocate(1 + 4 + 3 * 8).put((byte) 1).putInt(1);
        bookmark.putLong(1_000_000).putLong(1_000_000).putLong(0);
        commit(Reader.DELIVERY, Base64.getUrlEncoder().withoutPadding().encodeToString(bookmark.array()));
    }

    private void commit(Reader reader, String metadata) throws Exception {
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings().consumer("looker", ""));
                var admin = admin()) {
            var commits = new HashMap<TopicPartition, OffsetAndMetadata>();
            consumer.endOffsets(partitions(consumer, reader.topic()))
                    .forEach((where, end) -> commits.put(where, new OffsetAndMetadata(end, metadata)));
            admin.alterConsumerGroupOffsets(reader.group(), commits).all().get();
        }
    }

    /// Mail that can still be read.
    private TreeSet<String> ids(Topics topic) throws Exception {
        var ids = new TreeSet<String>();
        for (var record : read(topic))
            ids.add(RecordCodec.decode(record.value()).envelope().id().toString());
        return ids;
    }

    private long left(Topics topic) {
        return read(topic).size();
    }

    /// Records that can still be read.
    private List<ConsumerRecord<byte[], byte[]>> read(Topics topic) {
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings().consumer("looker", ""))) {
            var all = partitions(consumer, topic);
            consumer.assign(all);
            consumer.seekToBeginning(all);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            var ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
            return found;
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, Topics topic) {
        return consumer.partitionsFor(topic.topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }
}
