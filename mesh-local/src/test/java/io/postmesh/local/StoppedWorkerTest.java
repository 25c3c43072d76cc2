package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Selector;
import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.control.Replies;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Two workers, real processes, and one of them stands still (SIGSTOP): an operator is answered by the other, is told
/// who is silent, and has the silent one's obedience as soon as it goes on.
@Timeout(600)
class StoppedWorkerTest {
    private static final Duration SOON = Duration.ofSeconds(120); // a test that passes does not wait so long
    private static final int PARTITIONS = 4;
    private static final String STOPPED = "1";
    private static final String AWAKE = "2";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theStoppedWorkerIsNamedInTimeBesideTheOthersAnswersAndAnswersWhenItGoesOn() throws Exception {
        try (var cluster = Cluster.start(plan());
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            await().atMost(SOON)
                    .until(() -> owners(admin).values().stream().distinct().count() == 2);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(look(cluster).silent()).isEmpty());
            var owners = owners(admin);

            var worker = cluster.member("delivery-" + STOPPED);
            worker.suspend();
            var said = suspend(cluster);
            assertThat(said.code()).isEqualTo(Main.FAILED);
            assertThat(silent(said.json())).isEqualTo(of(STOPPED, owners));
            assertThat(said.took()).isBetween(Commander.PATIENCE, Commander.PATIENCE.multipliedBy(3));
            assertThat(workers(look(cluster))).containsExactly(AWAKE);

            worker.resume();
            await().atMost(SOON).until(() -> workers(look(cluster)).contains(STOPPED));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(look(cluster).silent()).isEmpty());
            assertThat(suspend(cluster).code()).isZero();
        }
    }

    private ClusterPlan plan() {
        return new ClusterPlan(
                        folder.resolve("cluster"),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .brokers(1)
                .copies(0)
                .copies(ServiceName.INGRESS, 1)
                .copies(ServiceName.DELIVERY, 2)
                .patience(SOON)
                .java("-Dlogback.configurationFile=logback.xml") // the program's, not the tests'
                .set("ALLOWED_SENDER_DOMAINS", "demo.test")
                .set("RELAYHOST", "[127.0.0.1]:9") // nothing is sent
                .set("POSTMESH_OWNER_PARTITIONS", Integer.toString(PARTITIONS));
    }

    private record Said(int code, JsonObject json, Duration took) {}

    private static Said suspend(Cluster cluster) throws IOException {
        var out = new StringWriter();
        long begun = System.nanoTime();
        int code = Main.commands()
                .setOut(new PrintWriter(out))
                .execute(
                        "queue",
                        "suspend",
                        "--domain",
                        "one.test",
                        "--reason",
                        "a test",
                        "--json",
                        "-s",
                        "POSTMESH_KAFKA_BOOTSTRAP=" + cluster.bootstrap(),
                        "-s",
                        "POSTMESH_KAFKA_REPLICAS=1");
        var took = Duration.ofNanos(System.nanoTime() - begun);
        return new Said(code, new JsonObject(out.toString()), took);
    }

    /// Partition and worker, of those who are named.
    private static Map<Integer, String> silent(JsonObject said) {
        var named = new TreeMap<Integer, String>();
        for (var one : said.getJsonArray("silent"))
            named.put(((JsonObject) one).getInteger("partition"), ((JsonObject) one).getString("worker"));
        return named;
    }

    private static Map<Integer, String> of(String worker, Map<Integer, String> owners) {
        return owners.entrySet().stream()
                .filter(one -> one.getValue().equals(worker))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Replies look(Cluster cluster) throws IOException {
        var kafka = new KafkaSettings(cluster.bootstrap(), Map.of(), 1, true, true, "test", PARTITIONS, PARTITIONS);
        try (var commander = Commander.open(kafka)) {
            return Operator.looks(commander, Action.Verb.SUMMARY, Selector.ALL, 0);
        }
    }

    private static List<String> workers(Replies replies) {
        return replies.answers().stream()
                .map(Answer::worker)
                .distinct()
                .sorted()
                .toList();
    }

    /// Who has which partition, as Kafka knows it.
    private static Map<Integer, String> owners(Admin admin) throws Exception {
        var group = Reader.DELIVERY.group();
        var found = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        var owners = new TreeMap<Integer, String>();
        for (var member : found == null
                ? List.<org.apache.kafka.clients.admin.MemberDescription>of()
                : new ArrayList<>(found.members())) {
            for (TopicPartition where : member.assignment().topicPartitions())
                owners.put(where.partition(), member.clientId().replaceFirst("^delivery-", ""));
        }
        return owners;
    }
}
