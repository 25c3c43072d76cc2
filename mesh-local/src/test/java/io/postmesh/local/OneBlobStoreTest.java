package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.embedded.DataFolder;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services on several hosts, which are folders here: whoever touches bodies must see what the others see.
class OneBlobStoreTest {
    @TempDir
    private Path hosts;

    private EmbeddedKafka kafka;
    private EmbeddedRedis redis;

    @BeforeEach
    void open() throws Exception {
        kafka = EmbeddedKafka.start(Files.createDirectory(hosts.resolve("kafka")));
        redis = EmbeddedRedis.start(Files.createDirectory(hosts.resolve("redis")));
    }

    @AfterEach
    void close() throws Exception {
        redis.close();
        kafka.close();
    }

    @Test
    void aServiceWhoseBodiesNobodyElseSeesDoesNotStart() throws Exception {
        start("a", ServiceKind.INGRESS, Map.of());
        assertThat(hosts.resolve("a/blobs/store-id")).exists();
        for (var kind : new ServiceKind[] {ServiceKind.INGRESS, ServiceKind.POLICY, ServiceKind.DELIVERY})
            assertThatThrownBy(() -> start("b", kind, Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "POSTMESH_BLOBS: " + hosts.resolve("b/blobs") + " is not marked as the blob store of")
                    .hasMessageContaining("POSTMESH_BLOBS: " + hosts.resolve("a/blobs") + " of a");
    }

    @Test
    void aSharedFolderServesAllAndASignerNeedsNone() throws Exception {
        var shared = Map.of("POSTMESH_BLOBS", hosts.resolve("shared").toString());
        start("a", ServiceKind.DELIVERY, shared);
        start("b", ServiceKind.INGRESS, shared);
        start("c", ServiceKind.POLICY, shared);
        start("d", ServiceKind.SIGNER, Map.of());
        assertThat(hosts.resolve("d/blobs/store-id")).doesNotExist();
    }

    @Test
    void aProcessWhoseVolumeIsNotMountedEndsWithOneLine() throws Exception {
        start("a", ServiceKind.INGRESS, Map.of());
        Files.move(hosts.resolve("a/blobs"), hosts.resolve("unmounted"));
        var settings =
                settings("a", Map.of("POSTMESH_LOG_FILE", hosts.resolve("log").toString()));
        try (var policy = Child.start(hosts.resolve("a"), settings, "service", "policy")) {
            assertThat(policy.await(TestMesh.SOON.multipliedBy(2))).isEqualTo(Main.FAILED);
            assertThat(policy.output())
                    .startsWith("postmesh: POSTMESH_BLOBS: ")
                    .contains("is its volume mounted?")
                    .hasLineCount(1);
        }
    }

    /// Up to where its services would open, and down again.
    private void start(String host, ServiceKind kind, Map<String, String> more) throws Exception {
        try (var run = ServiceRun.named(host)) {
            var config = ServiceConfig.from(Settings.load(settings(host, more), Map.of()), kind, hosts.resolve(host));
            Ground.open(run, config.ground(), config.roles(), run.open(DataFolder.lock(hosts.resolve(host))));
        }
    }

    private Map<String, String> settings(String host, Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTMESH_KAFKA_BOOTSTRAP", kafka.bootstrap(),
                "POSTMESH_KAFKA_REPLICAS", "1",
                "POSTMESH_ACCEPTED_PARTITIONS", "1",
                "POSTMESH_OWNER_PARTITIONS", "1",
                "POSTMESH_REDIS_URL", redis.url(),
                "POSTMESH_INSTANCE", host,
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0"));
        settings.putAll(more);
        return settings;
    }
}
