package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.kafka.SharedStore;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.ops.HealthWatch;
import io.postmesh.runtime.ops.ManagementServer;
import io.postmesh.runtime.ops.Meters;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.trace.TraceExport;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What services stand on: opened in this one order in every process of the mesh, whichever services follow.
///
/// @param http where the management server listens
/// @param died completes, with the reason, when the own broker gave up
record Ground(Platform platform, HostPort http, CompletableFuture<String> died) {
    private static final String START = "start";
    private static final String STOP = "stop";

    /// Not ready until [#ready] is called.
    ///
    /// @param run   what is opened here is closed with it, also after a start that failed or was cut off
    /// @param roles the services that follow
    /// @param data  locked by this process
    /// @throws IOException with a sentence for the operator when it cannot start
    static Ground open(ServiceRun run, GroundConfig config, Roles roles, DataFolder data)
            throws IOException, BadTopics {
        var meters = Meters.prometheus();
        var health = new Health();
        var vertx = vertx(run);
        // First, so that a taken port is told before anything starts, and /livez answers while the rest does.
        health.ready(START, () -> Optional.of("starting"));
        var management = ManagementServer.open(vertx, config.http(), health, meters);
        run.open(management);
        var trace = TraceExport.open(config.traces(), run.name(), config.kafka().instance(), meters, run::open);
        var backends = Backends.open(run, config, data);
        var kafka = backends.kafka();
        health.live("kafka", () -> Optional.ofNullable(backends.died().getNow(null)));
        var topics = run.open(topics(config, kafka, roles.rights()));
        var platform = new Platform(
                vertx,
                kafka,
                topics,
                run.open(RedisState.connect(backends.redisUrl(), meters)),
                blobs(run, config, roles, topics, kafka),
                meters,
                health,
                trace,
                Clock.systemUTC());
        return new Ground(platform, new HostPort(config.http().host(), management.port()), backends.died());
    }

    /// From now on the services' own checks decide, and what they find goes to the log, too. When the run is closed new
    /// work goes elsewhere, before anything else ends.
    void ready(ServiceRun run) {
        var health = platform.health();
        health.ready(START, Optional::empty);
        run.open(() -> health.ready(STOP, () -> Optional.of("stopping")));
        run.open(HealthWatch.open(platform.vertx(), platform.health()));
    }

    private static BlobStore blobs(
            ServiceRun run, GroundConfig config, Roles roles, MeshTopics topics, KafkaSettings kafka)
            throws IOException {
        var blobs = config.blobs().open(run);
        if (roles.touchBodies())
            SharedStore.check(topics, kafka, blobs, config.blobs().setting());
        return blobs;
    }

    private static MeshTopics topics(GroundConfig config, KafkaSettings kafka, Rights rights)
            throws IOException, BadTopics {
        return config.spread().isPresent()
                ? MeshTopics.open(kafka, config.spread().get(), rights)
                : MeshTopics.follow(kafka, rights);
    }

    /// Closed with the run; it caches no files.
    static Vertx vertx(ServiceRun run) {
        var vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        run.open(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        return vertx;
    }
}
