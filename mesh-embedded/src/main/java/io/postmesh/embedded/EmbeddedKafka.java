package io.postmesh.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/// One KRaft broker and controller in this process, data on disk, loopback only.
public final class EmbeddedKafka implements AutoCloseable {

    /// @param durable fsync each appended batch of every topic that does not say otherwise before it is acknowledged:
    /// true wherever mail is real
    /// @param port    the broker's port, or 0 for a free one that stays the same over restarts
    public record Options(boolean durable, int port) {
        public static final Options DURABLE = new Options(true, 0);
        public static final Options FAST = new Options(false, 0);
    }

    private static final int BIND_TRIES = 3;

    private final KafkaRaftServer server;
    private final BrokerSettings settings;
    private final CompletableFuture<String> died = new CompletableFuture<>();
    private final Consumer<String> guard = died::complete;

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
                    throw new IOException("The embedded Kafka in " + home + " does not start: " + e.getMessage(), e);
                }
                forgetPorts(home);
            }
        }
    }

    private static EmbeddedKafka startOnce(Path home, Options options) throws IOException {
        int port = LoopbackPort.choose(options.port(), home.resolve("port"));
        int controllerPort = LoopbackPort.choose(0, home.resolve("controller-port"), port);
        var log = Files.createDirectories(home.resolve("log"));
        var settings = new BrokerSettings(log, port, controllerPort, options.durable());
        format(settings.folder());
        var kafka = new EmbeddedKafka(settings);
        try {
            kafka.server.startup();
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /// For clients: `127.0.0.1:port`.
    public String bootstrap() {
        return "127.0.0.1:" + settings.port();
    }

    /// Completes, with the reason, when the broker gave up on its own. The process should then stop.
    public CompletableFuture<String> died() {
        return died;
    }

    /// What was acknowledged is on disk already, so a stop that takes too long may be cut short: the next start
    /// recovers as after a kill.
    @Override
    public void close() {
        var stopping = CompletableFuture.runAsync(
                server::shutdown,
                task -> Thread.ofPlatform().daemon().name("kafka-stop").start(task));
        stopping.completeOnTimeout(null, 2, TimeUnit.SECONDS)
                .exceptionally(e -> null)
                .join();
        ExitGuard.forget(guard);
    }

    /// KRaft refuses to start on a folder without a cluster id; written once.
    private static void format(Path folder) throws IOException {
        if (Files.exists(folder.resolve("meta.properties"))) return;
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IOException("The Kafka folder " + folder + " cannot be prepared: " + e.getMessage(), e);
        }
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
    }
}
