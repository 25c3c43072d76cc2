package io.postmesh.ingress;

import io.postmesh.contract.Topics;
import io.postmesh.ingress.intake.Budget;
import io.postmesh.ingress.intake.Intake;
import io.postmesh.ingress.intake.IntakePlan;
import io.postmesh.ingress.intake.TraceStart;
import io.postmesh.ingress.space.SpaceWatch;
import io.postmesh.ingress.wire.Census;
import io.postmesh.ingress.wire.Descriptors;
import io.postmesh.ingress.wire.DoorMeters;
import io.postmesh.ingress.wire.SmtpServer;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.WriterProfile;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.redis.LimitScope;
import io.postmesh.runtime.redis.RateLimiter;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The running door.
public final class IngressService implements AutoCloseable {
    /// Of its user on Kafka. Whoever lets mail in publishes where it goes, too.
    public static final Rights RIGHTS =
            Rights.LOOK.write(Topics.ACCEPTED, Topics.EVENTS, Topics.CONFIG).disks();

    private static final Duration START = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Duration stop;
    private final List<String> deployments = new ArrayList<>();
    private int port;

    private IngressService(Vertx vertx, Duration stop) {
        this.vertx = vertx;
        this.stop = stop;
    }

    /// Returns when clients are welcome.
    ///
    /// @throws IOException when it cannot listen
    public static IngressService open(ServiceRun run, IngressConfig config, Platform platform) throws IOException {
        var mail = run.open(TopicWriter.open(platform.kafka(), "ingress", WriterProfile.INTAKE, platform.meters()));
        var notes =
                run.open(TopicWriter.open(platform.kafka(), "ingress-notes", WriterProfile.NOTES, platform.meters()));
        var space = run.open(SpaceWatch.open(
                config.space(), platform.kafka(), platform.blobs().folder(), platform.meters()));
        platform.health().ready("ingress-kafka", () -> mail.trouble().or(space::silence));
        platform.health().ready("ingress-space", space::trouble);
        var census = new Census(Descriptors.clamp(config.connections()), config.strangers());
        var meters = new DoorMeters(platform.meters(), census);
        var intake = new IntakePlan(
                config.ourName(),
                config.limits(),
                config.textLine(),
                config.inlineMax(),
                config.clientRate(),
                new RateLimiter(platform.redis(), LimitScope.CLIENT),
                new Budget(config.memory()),
                space,
                mail,
                notes,
                platform.blobs(),
                platform.topics()::placement,
                new TraceStart(platform.trace(), config.traces(), platform.meters()),
                meters,
                platform.clock());
        var plan = new SmtpServer.Plan(
                config.listen().host(),
                port(config.listen()),
                config.ourName(),
                config.limits(),
                config.senders(),
                config.trusted(),
                config.deadlines(),
                census,
                meters,
                run.open(RefusalLog.open(platform.vertx())),
                System::nanoTime,
                context -> new Intake(intake, context));
        var service =
                run.open(new IngressService(platform.vertx(), config.deadlines().stop()));
        service.listen(plan, config.eventLoops());
        return service;
    }

    // One server an event loop, all on one port: Vert.x then deals connections out in turn.
    private void listen(SmtpServer.Plan plan, int eventLoops) throws IOException {
        port = plan.port();
        for (int i = 0; i < eventLoops; i++) {
            deployments.add(await(vertx.deployVerticle(new SmtpServer(plan)), START));
        }
    }

    // Vert.x shares a socket by the number that was asked for, so 0 is turned into a free one first.
    private static int port(HostPort listen) throws IOException {
        if (listen.port() != 0) return listen.port();
        try (var probe = new ServerSocket(0, 1, InetAddress.getByName(listen.host()))) {
            return probe.getLocalPort();
        }
    }

    /// Where it listens, also when the configuration said 0.
    public int port() {
        return port;
    }

    /// Idle clients are told 421 at once; a message in progress gets its answer first, as long as [Deadlines#stop]
    /// says.
    @Override
    public void close() throws IOException {
        var all = Future.join(deployments.stream().map(vertx::undeploy).toList());
        await(all, stop.plusSeconds(5));
    }

    private static <T> T await(Future<T> future, Duration limit) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer from the event loops", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
