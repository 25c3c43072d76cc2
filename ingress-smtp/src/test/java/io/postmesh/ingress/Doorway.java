package io.postmesh.ingress;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.ingress.wire.Deadlines;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.TopicTail;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.runtime.trace.Trace;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// The whole door on real sockets, a real Kafka and a real Redis, with what it stored.
final class Doorway implements AutoCloseable {
    /// Short where a test would wait: a refused client is drained for a moment only, strangers are greeted at once.
    static final Deadlines QUICK = new Deadlines(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            1,
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            Duration.ofMillis(1),
            Duration.ofSeconds(1));

    private final ServiceRun run = ServiceRun.named("doorway");
    private final List<InRecord> stored = new CopyOnWriteArrayList<>();
    private final LoopWatch watch = new LoopWatch();
    private final Optional<EmbeddedKafka> broker;
    private final Optional<EmbeddedRedis> redis;
    private final IngressService service;
    private final FolderBlobStore blobs;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Health health = new Health();

    private Doorway(Map<String, String> settings, Deadlines deadlines, UnaryOperator<BlobStore> disk, Places places)
            throws Exception {
        run.open(() -> delete(places.folder()));
        try {
            var own = EmbeddedKafka.start(places.kafka(), EmbeddedKafka.Options.FAST);
            broker = Optional.of(run.open(own));
            redis = Optional.of(run.open(EmbeddedRedis.start(places.folder().resolve("redis"))));
            blobs = FolderBlobStore.open(Files.createDirectories(places.blobs()));
            service =
                    open(KafkaSettings.oneNode(own.bootstrap()), redis.get().url(), config(settings, deadlines), disk);
        } catch (Exception e) {
            run.close();
            throw e;
        }
    }

    private Doorway(KafkaSettings outside, String redisUrl, Deadlines deadlines) throws Exception {
        var folder = Files.createTempDirectory("doorway");
        run.open(() -> delete(folder));
        broker = Optional.empty();
        redis = Optional.empty();
        try {
            blobs = FolderBlobStore.open(Files.createDirectories(folder.resolve("blobs")));
            service = open(outside, redisUrl, config(Map.of(), deadlines), UnaryOperator.identity());
        } catch (Exception e) {
            run.close();
            throw e;
        }
    }

    private IngressService open(
            KafkaSettings kafka, String redisUrl, IngressConfig config, UnaryOperator<BlobStore> disk)
            throws Exception {
        var vertx = Vertx.vertx(watch.options());
        run.open(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        var topics = run.open(MeshTopics.open(kafka, Set.of()));
        var platform = new Platform(
                vertx,
                kafka,
                topics,
                run.open(RedisState.connect(redisUrl, meters)),
                disk.apply(blobs),
                meters,
                health,
                Trace.untold(),
                Clock.systemUTC());
        var tail = run.open(TopicTail.open(kafka, "test", Topics.ACCEPTED, TopicTail.From.NOW, stored::add));
        tail.caughtUp().get(20, TimeUnit.SECONDS);
        return IngressService.open(run, config, platform);
    }

    /// Loopback may relay for demo.test, unless these settings say otherwise.
    static Doorway open(Map<String, String> settings) throws Exception {
        return new Doorway(settings, QUICK, UnaryOperator.identity(), Places.anywhere());
    }

    static Doorway open(Map<String, String> settings, Deadlines deadlines) throws Exception {
        return new Doorway(settings, deadlines, UnaryOperator.identity(), Places.anywhere());
    }

    /// @param disk puts a blob store with a fault in front of the real one
    static Doorway open(Map<String, String> settings, Deadlines deadlines, UnaryOperator<BlobStore> disk)
            throws Exception {
        return new Doorway(settings, deadlines, disk, Places.anywhere());
    }

    /// @param places of Kafka's and the blobs' data
    static Doorway open(Map<String, String> settings, Places places) throws Exception {
        return new Doorway(settings, QUICK, UnaryOperator.identity(), places);
    }

    /// On brokers that others run.
    static Doorway open(KafkaSettings outside, String redisUrl, Deadlines deadlines) throws Exception {
        return new Doorway(outside, redisUrl, deadlines);
    }

    /// Where things lie.
    ///
    /// @param folder of everything else; removed at the end
    record Places(Path folder, Path kafka, Path blobs) {
        static Places anywhere() throws IOException {
            var folder = Files.createTempDirectory("doorway");
            return new Places(folder, folder.resolve("kafka"), folder.resolve("blobs"));
        }
    }

    private static IngressConfig config(Map<String, String> settings, Deadlines deadlines) throws NoSenderRule {
        var all = new HashMap<>(Map.of(
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                "POSTFIX_myhostname", "door.test",
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTFIX_message_size_limit", "1MiB",
                "POSTMESH_MAX_RECIPIENTS", "100"));
        all.putAll(settings);
        var c = IngressConfig.from(Settings.load(all, Map.of()));
        return new IngressConfig(
                c.listen(),
                c.ourName(),
                c.trusted(),
                c.senders(),
                c.limits(),
                c.textLine(),
                c.inlineMax(),
                c.clientRate(),
                c.memory(),
                c.connections(),
                c.strangers(),
                c.eventLoops(),
                c.space(),
                c.traces(),
                deadlines);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port());
    }

    EmbeddedKafka broker() {
        return broker.orElseThrow();
    }

    EmbeddedRedis redis() {
        return redis.orElseThrow();
    }

    IngressService service() {
        return service;
    }

    Health health() {
        return health;
    }

    FolderBlobStore blobs() {
        return blobs;
    }

    int connections() {
        return (int) meters.get("postmesh_smtp_connections_active").gauge().value();
    }

    /// How often this was answered, by the door's own count.
    double rejections(String stage, String code, String reason) {
        var counter = meters.find("postmesh_smtp_rejections_total")
                .tags("stage", stage, "code", code, "reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    int storedCount() {
        return stored.size();
    }

    /// The stored mails whose first recipient this is.
    List<MailRecord> storedFor(String recipient) {
        return stored.stream()
                .map(Doorway::mail)
                .filter(mail ->
                        mail.envelope().recipients().getFirst().address().text().equals(recipient))
                .toList();
    }

    private static MailRecord mail(InRecord record) {
        try {
            return RecordCodec.decode(Objects.requireNonNull(record.value()));
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }

    /// Whatever happened at this door, no event loop was blocked.
    @Override
    public void close() {
        run.close();
        watch.close();
    }

    private static void delete(Path folder) throws Exception {
        try (var all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
