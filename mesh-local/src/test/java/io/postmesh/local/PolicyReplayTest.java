package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Reader;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.lab.sink.Received;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Policy sees mail a second time, as after a commit that was lost, and would now send it another way (LEDGER L1, L2).
class PolicyReplayTest {
    private static final int MAILS = 6;
    private static final List<String> DOMAINS = List.of("one.test", "two.test", "three.test");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterRelayhostIsSetEachRecipientIsServedOnceAndTheRepeatIsDropped(boolean transactions) throws Exception {
        try (var kafka = EmbeddedKafka.start(Files.createDirectory(folder.resolve("kafka")));
                var redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")))) {
            var backends = Map.of(
                    "POSTMESH_KAFKA_BOOTSTRAP",
                    kafka.bootstrap(),
                    "POSTMESH_REDIS_URL",
                    redis.url(),
                    "POSTMESH_KAFKA_REPLICAS",
                    "1",
                    "POSTMESH_OWNER_PARTITIONS",
                    "4",
                    "POSTMESH_ACCEPTED_PARTITIONS",
                    "2",
                    "POSTMESH_TRANSACTIONS",
                    Boolean.toString(transactions));
            var promised = new ArrayList<String>();
            try (var half = HalfMesh.start(backends, folder)) {
                for (int i = 0; i < MAILS; i++) promised.addAll(submit(half, i));
                half.awaitSigned(promised.size());
            }
            forgetPolicysCommits(kafka.bootstrap());
            var plan = new TestMesh.Plan().relay();
            backends.forEach(plan::set);
            plan.set("POSTMESH_BLOBS", folder.resolve("blobs").toString());
            try (var mesh = plan.start()) {
                var repeats = mesh.node().platform().meters().counter("postmesh_delivery_duplicates_dropped_total");
                await().atMost(TestMesh.SOON)
                        .untilAsserted(() -> assertThat(repeats.count()).isEqualTo(promised.size()));
                mesh.sink().inbox().await(promised.size(), TestMesh.SOON);
                assertThat(served(mesh.sink().inbox().all())).containsExactlyInAnyOrderElementsOf(promised);
            }
        }
    }

    private static List<String> submit(HalfMesh half, int number) throws Exception {
        var to = DOMAINS.stream().map(domain -> "u" + number + "@" + domain).toList();
        half.submit(to, "text\n");
        return to;
    }

    private static List<String> served(List<Received> mails) {
        return mails.stream().flatMap(mail -> mail.recipients().stream()).toList();
    }

    // Its last member may not have left yet.
    private static void forgetPolicysCommits(String bootstrap) {
        try (var admin = Admin.create(KafkaSettings.oneNode(bootstrap).admin("looker"))) {
            await().atMost(TestMesh.SOON).ignoreExceptions().until(() -> {
                admin.deleteConsumerGroups(List.of(Reader.POLICY.group())).all().get();
                return true;
            });
        }
    }
}
