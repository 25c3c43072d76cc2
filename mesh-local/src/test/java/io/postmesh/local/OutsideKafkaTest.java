package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Kafka and a Redis of somebody else, and the transactions that are on there.
class OutsideKafkaTest {
    @TempDir
    private Path folder;

    @Test
    void theNodeWorksOnTheKafkaAndTheRedisItIsGiven() throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")));
                var mesh = TestMesh.with("POSTMESH_KAFKA_BOOTSTRAP", kafka.bootstrap())
                        .set("POSTMESH_REDIS_URL", redis.url())
                        .set("POSTMESH_KAFKA_REPLICAS", "1")
                        .set("POSTMESH_ACCEPTED_PARTITIONS", "3")
                        .set("POSTMESH_OWNER_PARTITIONS", "3")
                        .set("POSTMESH_INSTANCE", "one")
                        .set("POSTMESH_CLIENT_RATE", "1000/s")
                        .start()) {
            assertThat(mesh.node().platform().kafka().transactions()).isTrue();
            for (int i = 0; i < 20; i++) mesh.submit("ann@demo.test", "outside" + i + "@kafka.test");
            mesh.submit("ann@demo.test", "greylist+o@kafka.test", "reject@kafka.test");
            var mails = mesh.sink().inbox().await(20, TestMesh.SOON);
            assertThat(mails).extracting(mail -> mail.recipients().getFirst()).doesNotHaveDuplicates();
            mesh.awaitAtSink("ann@demo.test"); // the report
            Signatures.verifyAll(mesh.sink().inbox().all(), mesh.keys());
        }
    }
}
