package io.postmesh.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/// A KRaft broker and controller in this process, data on disk: alone, or one of a [Quorum]. On loopback only, unless
/// it is told of an [Outside].
public final class EmbeddedKafka implements AutoCloseable {

    /// @param durable fsync each appended batch of every topic that does not say otherwise before it is acknowledged:
    /// true wherever mail is real
    /// @param port    the broker's port, or 0 for a free one that stays the same over restarts
    /// @param outside how clients of other machines or containers come in, beside those of this one
    /// @param guard   asks clients of two more listeners who they are
    public record Options(boolean durable, int port, Optional<Outside> outside, Optional<Guard> guard) {
        public static final Options DURABLE = new Options(true, 0);
        public static final Options FAST = new Options(false, 0);

        public Options(boolean durable, int port) {
            this(durable, port, Optional.empty(), Optional.empty());
        }

        /// For services that are not in this process; their topics say what is durable.
        public static Options reachedBy(Outside outside) {
            return new Options(false, 0, Optional.of(outside), Optional.empty());
        }

        public static Options guardedBy(Guard guard) {
            return new Options(false, 0, Optional.empty(), Optional.of(guard));
        }
    }

    /// A listener for others, without encryption or password: whoever reaches it may read and write all mail.
    ///
    /// @param host  of this machine
    /// @param told  to clients: `host:port` by which they reach it
    public record Outside(String host, int port, String told) {}

    private static final int ALONE = 1;
    private static final int BIND_TRIES = 3;
    private static final Duration STOP_ALONE = Duration.ofSeconds(2);
    private static final Duration STOP_AMONG_PEERS = Duration.ofSeconds(8); // each partition gets another leader

    private final KafkaRaftServer server;
    private final BrokerSettings settings;
    private final CompletableFuture<String> died = new CompletableFuture<>();
    private final Consumer<String> guard = this::gaveUp;

    private EmbeddedKafka(BrokerSettings settings) {
        this.settings = settings;
        this.server = new KafkaRaftServer(KafkaConfig.fromProps(settings.properties(), false), Time.SYSTEM);
        ExitGuard.tell(guard);
    }

    public static EmbeddedKafka start(Path folder) throws IOException {
        return start(folder, Options.DURABLE);
    }

    /// Returns when the broker takes requests: some two seconds.
    ///
    /// @throws IOException with the broker's reason when it does not start
    public static EmbeddedKafka start(Path folder, Options options) throws IOException {
        var home = Files.createDirectories(folder.toAbsolutePath());
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(home, options);
            } catch (RuntimeException e) { // the broker has no type of its own for what keeps it from starting
                // Between choosing a free port and binding it somebody else may take it; then another one is chosen.
                if (attempt == BIND_TRIES || options.port() != 0 || !isBind(e)) {
                    throw new IOException(
                            "The embedded Kafka in " + home + " does not start: " + e.getMessage() + full(home), e);
                }
                forgetPorts(home);
            }
        }
    }

    private static EmbeddedKafka startOnce(Path home, Options options) throws IOException {
        int port = LoopbackPort.choose(options.port(), home.resolve("port"));
        int controllerPort = LoopbackPort.choose(0, home.resolve("controller-port"), port);
        var log = Files.createDirectories(home.resolve("log"));
        var guard = options.guard().isEmpty()
                ? Optional.<Guard.Posted>empty()
                : Optional.of(posted(home, options.guard().get()));
        return started(new BrokerSettings(
                log, Quorum.of(port, controllerPort), ALONE, options.durable(), options.outside(), guard));
    }

    private static Guard.Posted posted(Path home, Guard guard) throws IOException {
        return new Guard.Posted(
                guard,
                LoopbackPort.choose(0, home.resolve("login-port")),
                LoopbackPort.choose(0, home.resolve("mutual-port")));
    }

    /// One of several brokers on this machine. Returns when it takes requests, which needs a majority of them: start
    /// them side by side. What is durable, topics say.
    ///
    /// @param node its place in the quorum, from 1 on
    /// @throws IOException with the broker's reason when it does not start
    static EmbeddedKafka start(Path folder, Quorum quorum, int node) throws IOException {
        var home = Files.createDirectories(folder.toAbsolutePath());
        try {
            var log = Files.createDirectories(home.resolve("log"));
            return started(new BrokerSettings(log, quorum, node, false, Optional.empty(), Optional.empty()));
        } catch (RuntimeException e) { // the broker has no type of its own for what keeps it from starting
            throw new IOException("Broker " + node + " in " + home + " does not start: " + e.getMessage(), e);
        }
    }

    private static EmbeddedKafka started(BrokerSettings settings) throws IOException {
        format(settings);
        var kafka = new EmbeddedKafka(settings);
        try {
            kafka.server.startup();
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /// For clients: `127.0.0.1:port`, of all brokers when there are several.
    public String bootstrap() {
        return settings.quorum().bootstrap();
    }

    /// For clients with a name and a password, by the [Guard].
    public String loginBootstrap() {
        return Guard.Posted.told(settings.guard().orElseThrow().loginPort());
    }

    /// For clients with a certificate, by the [Guard].
    public String mutualBootstrap() {
        return Guard.Posted.told(settings.guard().orElseThrow().mutualPort());
    }

    /// Completes, with the reason, when the broker gave up on its own. The process should then stop.
    public CompletableFuture<String> died() {
        return died;
    }

    private void gaveUp(String why) {
        died.complete(why + "; " + DiskRoom.of(settings.folder()));
    }

    /// What was acknowledged is on disk already, so a stop that takes too long may be cut short: the next start
    /// recovers as after a kill.
    @Override
    public void close() {
        var stopping = CompletableFuture.runAsync(
                server::shutdown,
                task -> Thread.ofPlatform().daemon().name("kafka-stop").start(task));
        var patience = settings.quorum().isCluster() ? STOP_AMONG_PEERS : STOP_ALONE;
        stopping.completeOnTimeout(null, patience.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(e -> null)
                .join();
        ExitGuard.forget(guard);
    }

    /// KRaft refuses to start on a folder without a cluster id; written once.
    private static void format(BrokerSettings settings) throws IOException {
        var folder = settings.folder();
        var id = settings.quorum().isCluster() ? settings.quorum().clusterId() : Uuid.randomUuid();
        if (Files.exists(folder.resolve("meta.properties"))) return;
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setNodeId(settings.node())
                    .setClusterId(id.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .setIgnoreFormatted(true)
                    .run();
            OnDisk.force(folder); // no broker starts on what a power cut would leave of it
        } catch (Exception e) {
            throw new IOException("The Kafka folder " + folder + " cannot be prepared: " + e.getMessage(), e);
        }
    }

    private static String full(Path home) {
        return DiskRoom.isUsedUp(home) ? "; " + DiskRoom.of(home) : "";
    }

    private static boolean isBind(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.net.BindException
                    || String.valueOf(cause.getMessage()).contains("bind")) {
                return true;
            }
        }
        return false;
    }

    private static void forgetPorts(Path home) throws IOException {
        LoopbackPort.forget(home.resolve("port"));
        LoopbackPort.forget(home.resolve("controller-port"));
        LoopbackPort.forget(home.resolve("login-port"));
        LoopbackPort.forget(home.resolve("mutual-port"));
    }
}
