package io.postmesh.local;

import io.postmesh.delivery.DeliveryService;
import io.postmesh.embedded.DataFolder;
import io.postmesh.ingress.IngressService;
import io.postmesh.policy.PolicyService;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.Predecessor;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.ops.ManagementServer;
import io.postmesh.runtime.ops.Meters;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.trace.Trace;
import io.postmesh.signer.SignerService;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole mesh in this process. Nothing here knows that the services share a process: they meet in Kafka.
final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final int JOIN_SECONDS = 60;

    private final Platform platform;
    private final CompletableFuture<String> died;
    private final HostPort smtp;
    private final HostPort http;

    private Node(Platform platform, CompletableFuture<String> died, HostPort smtp, HostPort http) {
        this.platform = platform;
        this.died = died;
        this.smtp = smtp;
        this.http = http;
    }

    /// Returns when mail is welcome and every stage works.
    ///
    /// @param run  what is opened here is closed with it, also after a start that failed or was cut off
    /// @param data locked by this process
    /// @throws IOException with a sentence for the operator when it cannot start
    static Node start(ServiceRun run, NodeConfig config, DataFolder data) throws IOException, BadTopics {
        var meters = Meters.prometheus();
        var health = new Health();
        var vertx = vertx(run);
        // First, so that a taken port is told before anything starts, and /livez answers while the rest does.
        health.ready("start", () -> Optional.of("starting"));
        var management = ManagementServer.open(vertx, config.http(), health, meters);
        run.open(management);
        var backends = Backends.open(run, config, data);
        var kafka = backends.kafka();
        var topics = run.open(MeshTopics.open(kafka, config.spread()));
        if (config.kafka().bringsOwnBroker()) Predecessor.removeMembers(kafka, groups());
        var platform = new Platform(
                vertx,
                kafka,
                topics,
                run.open(RedisState.connect(backends.redisUrl(), meters)),
                FolderBlobStore.open(data.folder("blobs")),
                meters,
                health,
                Trace.sampling(0), // no exporter yet; the ids travel all the same
                Clock.systemUTC());
        int smtp = services(run, config, platform);
        health.ready("start", Optional::empty);
        health.live("kafka", () -> Optional.ofNullable(backends.died().getNow(null)));
        var node = new Node(
                platform,
                backends.died(),
                new HostPort(config.ingress().listen().host(), smtp),
                new HostPort(config.http().host(), management.port()));
        log.info("ready: SMTP on {}, HTTP on {}", node.smtp, node.http);
        return node;
    }

    private static List<String> groups() {
        return Stream.of(PolicyService.GROUPS, SignerService.GROUPS, DeliveryService.GROUPS)
                .flatMap(List::stream)
                .toList();
    }

    private static Vertx vertx(ServiceRun run) {
        var vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        run.open(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        return vertx;
    }

    // The door opens last and closes first: whoever gets in finds every stage at work.
    private static int services(ServiceRun run, NodeConfig config, Platform platform) throws IOException {
        var delivery = DeliveryService.open(run, config.delivery(), platform);
        var signer = SignerService.open(run, config.signer(), platform);
        var policy = PolicyService.open(run, config.policy(), platform);
        var joined = CompletableFuture.allOf(delivery.joined(), signer.joined(), policy.joined());
        run.open(() -> joined.cancel(false)); // a stop meanwhile does not wait for work that never comes
        await(joined);
        var door = IngressService.open(run, config.ingress(), platform);
        return door.port();
    }

    private static void await(CompletableFuture<Void> joined) throws IOException {
        try {
            joined.get(JOIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "Kafka gave the services no work in " + JOIN_SECONDS + " s; look at the brokers and their logs", e);
        } catch (ExecutionException e) {
            throw new IOException("a service did not start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    HostPort smtp() {
        return smtp;
    }

    HostPort http() {
        return http;
    }

    Platform platform() {
        return platform;
    }

    /// Completes, with the reason, when the broker in this process gave up.
    CompletableFuture<String> died() {
        return died;
    }
}
