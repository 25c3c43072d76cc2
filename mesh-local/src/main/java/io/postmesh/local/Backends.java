package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The Kafka and the Redis of a node: its own, or those the settings name.
///
/// @param died completes, with the reason, when the own broker gave up
record Backends(KafkaSettings kafka, String redisUrl, CompletableFuture<String> died) {

    /// Both start side by side.
    static Backends open(ServiceRun run, GroundConfig config, DataFolder data) throws IOException {
        var redis = CompletableFuture.supplyAsync(() -> redis(run, config, data));
        try {
            if (!config.kafka().bringsOwnBroker())
                return new Backends(config.kafka(), joined(redis), new CompletableFuture<>());
            var options = new EmbeddedKafka.Options(config.kafka().durable(), 0);
            var broker = run.open(EmbeddedKafka.start(data.folder("kafka"), options));
            run.open(BrokerAddress.publish(data.path(), broker.bootstrap()));
            return new Backends(config.kafka().at(broker.bootstrap()), joined(redis), broker.died());
        } catch (IOException | RuntimeException e) {
            redis.exceptionally(_ -> "").join(); // started or not, it is in `run` then
            throw e;
        }
    }

    private static String redis(ServiceRun run, GroundConfig config, DataFolder data) {
        try {
            return config.redis().map(Secret::reveal).isPresent()
                    ? config.redis().orElseThrow().reveal()
                    : run.open(EmbeddedRedis.start(data.folder("redis"))).url();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String joined(CompletableFuture<String> redis) throws IOException {
        try {
            return redis.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) throw io.getCause();
            throw e;
        }
    }
}
