package io.postmesh.delivery;

import static io.postmesh.contract.Content.BodyRef.Encoding.IDENTITY;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Clearance;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Delivery as a whole between a real Kafka and a sink: signed mail goes in, and what comes out is looked at.
final class PostOffice implements AutoCloseable {
    /// Its mail is spread over all workers.
    static final String SPREAD = "spread.test";

    private static final Random RANDOM = new Random(23);

    private final ServiceRun parts = ServiceRun.named("post-office");
    private final Map<Topics, List<InRecord>> found = new ConcurrentHashMap<>();
    private final Map<String, String> settings;
    private final Path folder;
    private final SmtpSink sink;
    private final EmbeddedRedis redis;
    private final Platform platform;
    private final TopicWriter writer;
    private ServiceRun delivery = ServiceRun.named("delivery");

    PostOffice(Map<String, String> settings) throws Exception {
        folder = Files.createTempDirectory("post-office");
        parts.open(() -> delete(folder));
        try {
            var meters = new SimpleMeterRegistry();
            var broker = parts.open(EmbeddedKafka.start(folder.resolve("kafka"), EmbeddedKafka.Options.FAST));
            redis = parts.open(EmbeddedRedis.start(folder.resolve("redis")));
            sink = parts.open(SmtpSink.start(new SinkOptions()));
            var dns = parts.open(ToyDns.start("* MX 10 the-sink\nthe-sink A 127.0.0.1\n"));
            var vertx = Vertx.vertx();
            parts.open(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
            var kafka = KafkaSettings.oneNode(broker.bootstrap());
            platform = new Platform(
                    vertx,
                    kafka,
                    parts.open(MeshTopics.open(kafka, Set.of(SPREAD))),
                    parts.open(RedisState.connect(redis.url(), meters)),
                    FolderBlobStore.open(Files.createDirectories(folder.resolve("blobs"))),
                    meters,
                    new Health(),
                    Trace.untold(),
                    Clock.systemUTC());
            writer = parts.open(TopicWriter.open(kafka, "signer", WriterProfile.LEDGER, meters));
            for (var topic : List.of(Topics.OUTCOMES, Topics.WAITING, Topics.QUARANTINE, Topics.ACCEPTED)) watch(topic);
            this.settings = new HashMap<>(Map.of(
                    "POSTFIX_myhostname", "post.test",
                    "POSTMESH_EGRESS", "loopback",
                    "POSTMESH_DNS_SERVERS", "127.0.0.1:" + dns.port(),
                    "POSTMESH_DELIVERY_PORT", Integer.toString(sink.port()),
                    "POSTMESH_RETRY_SCHEDULE", "200ms"));
            this.settings.putAll(settings);
            open();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void watch(Topics topic) throws Exception {
        var records = new CopyOnWriteArrayList<InRecord>();
        found.put(topic, records);
        var tail =
                parts.open(TopicTail.open(platform.kafka(), "watch-" + topic, topic, TopicTail.From.NOW, records::add));
        tail.caughtUp().get(20, TimeUnit.SECONDS);
    }

    /// Delivery starts work, again if it was stopped.
    void open() throws Exception {
        delivery = ServiceRun.named("delivery");
        var config = DeliveryConfig.from(Settings.load(settings, Map.of()), folder);
        DeliveryService.open(delivery, config, platform).joined().get(30, TimeUnit.SECONDS);
    }

    /// Another worker joins the first.
    void openSecond(String instance) throws Exception {
        var meters = new SimpleMeterRegistry();
        var other = new Platform(
                platform.vertx(),
                platform.kafka().as(instance),
                platform.topics(),
                delivery.open(RedisState.connect(redis.url(), meters)),
                platform.blobs(),
                meters,
                new Health(),
                platform.trace(),
                platform.clock());
        var config = DeliveryConfig.from(Settings.load(settings, Map.of()), folder);
        DeliveryService.open(delivery, config, other).joined().get(30, TimeUnit.SECONDS);
    }

    /// It does not come back.
    void redisDies() throws Exception {
        redis.close();
    }

    /// Delivery stops in order.
    void stop() {
        delivery.close();
    }

    SmtpSink sink() {
        return sink;
    }

    /// A signed mail, some of it settable.
    final class Mail {
        final MailId id = MailId.of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
        private final List<Recipient> recipients = new ArrayList<>();
        private String sender = "ann@sender.test";
        private Instant acceptedAt = Instant.now();
        private Optional<Instant> notBefore = Optional.empty();
        private byte[] body = "Hello.\r\n".getBytes(US_ASCII);
        private Content.BodyRef stored = new Content.BodyRef(IDENTITY, Optional.empty(), body.length);

        Mail from(String address) {
            sender = address;
            return this;
        }

        Mail acceptedAt(Instant at) {
            acceptedAt = at;
            return this;
        }

        Mail notBefore(Instant at) {
            notBefore = Optional.of(at);
            return this;
        }

        /// Its body is this and lies in the blob store as it is, as policy puts it there.
        ///
        /// @param sum what the record says of it
        Mail shelved(byte[] bytes, OptionalInt sum) throws IOException {
            body = bytes;
            try (var blob = platform.blobs().create()) {
                blob.write(bytes, 0, bytes.length);
                stored = new Content.BodyRef(IDENTITY, Optional.of(blob.commit()), bytes.length, sum);
            }
            return this;
        }

        /// Where its body is.
        Path file() {
            var key = stored.blob().orElseThrow();
            return folder.resolve("blobs", key.substring(0, 2), key.substring(2, 4), key);
        }

        /// Writes it to `mail.signed`, as the signer would.
        Mail send() throws Exception {
            writer.send(new OutRecord(Topics.SIGNED, partition(), null, encoded(), List.of()))
                    .get(20, TimeUnit.SECONDS);
            return this;
        }

        private int partition() {
            var domain = recipients.getFirst().address().domain().name();
            return platform.topics().placement().partition(id, domain);
        }

        private byte[] encoded() {
            var headers = "From: <ann@sender.test>\r\nSubject: a test\r\n\r\n".getBytes(US_ASCII);
            var content = new Content(
                    headers.length + body.length,
                    new byte[32],
                    stored,
                    false,
                    false,
                    Optional.empty(),
                    "<" + id.text() + "@sender.test>");
            var clearance = new Clearance(
                    Route.MX,
                    recipients.getFirst().address().domain().name(),
                    partition(),
                    "test",
                    1,
                    notBefore,
                    notBefore.map(_ -> "LIMIT"),
                    Optional.empty());
            var envelope = new Envelope(
                    id,
                    acceptedAt,
                    platform.topics().placement(),
                    sender.isEmpty() ? ReversePath.NULL : ReversePath.of(address(sender)),
                    recipients,
                    new Origin.Client("127.0.0.1", "client.test", true),
                    content,
                    Optional.of(clearance));
            return RecordCodec.encode(new MailRecord(
                    envelope, Slice.of(headers), stored.blob().isPresent() ? Slice.EMPTY : Slice.of(body)));
        }
    }

    Mail mail(String... to) {
        var mail = new Mail();
        for (int i = 0; i < to.length; i++) mail.recipients.add(new Recipient(i, address(to[i])));
        return mail;
    }

    /// Something that is no mail record.
    void garbage(int partition) throws Exception {
        var octets = "this is no record".getBytes(US_ASCII);
        writer.send(new OutRecord(Topics.SIGNED, partition, null, octets, List.of()))
                .get(20, TimeUnit.SECONDS);
    }

    int partitionOf(String domain) {
        return platform.topics().placement().partition(MailId.of(1, 2, 3), domain);
    }

    /// What the ledger says of a mail, in order of writing within a partition.
    List<Outcome> outcomes(Mail mail) {
        return records(Topics.OUTCOMES).stream()
                .map(PostOffice::outcome)
                .filter(outcome -> outcome.id().equals(mail.id))
                .toList();
    }

    List<Outcome.Kind> kinds(Mail mail) {
        return outcomes(mail).stream()
                .map(Outcome::kind)
                .filter(kind -> kind != Outcome.Kind.ATTEMPTED)
                .toList();
    }

    List<InRecord> records(Topics topic) {
        return List.copyOf(Objects.requireNonNull(found.get(topic)));
    }

    /// Reports the bouncer handed to the front door, about this mail.
    List<MailRecord> reports(Mail about) {
        return records(Topics.ACCEPTED).stream()
                .map(PostOffice::mail)
                .filter(mail -> mail.envelope().origin().equals(new Origin.Mesh(about.id)))
                .toList();
    }

    private static MailRecord mail(InRecord record) {
        try {
            return RecordCodec.decode(Objects.requireNonNull(record.value()));
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome outcome(InRecord record) {
        try {
            return LedgerCodec.outcome(Objects.requireNonNull(record.value()));
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }

    @Override
    public void close() {
        delivery.close();
        parts.close();
    }

    private static void delete(Path folder) throws Exception {
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
