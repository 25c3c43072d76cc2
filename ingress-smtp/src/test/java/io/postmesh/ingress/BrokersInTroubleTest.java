package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Topics;
import io.postmesh.ingress.wire.Deadlines;
import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The door on three brokers, real processes, with the deadlines of the product: whatever they do, a client has its
/// answer within 30 s, it is a 4xx when the mail is not safe, and the door takes mail again by itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokersInTroubleTest {
    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private Cluster cluster;
    private Doorway door;

    @BeforeAll
    void open() throws Exception {
        cluster = Cluster.start(new ClusterPlan(
                        folder, System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .brokers(3)
                .copies(0)
                .patience(PATIENCE));
        var kafka = new KafkaSettings(cluster.bootstrap(), Map.of(), 3, false, true, "door", 4, 4);
        door = Doorway.open(kafka, cluster.redisUrl(), Deadlines.STANDARD);
    }

    @AfterAll
    void close() throws Exception {
        try (var _ = cluster) {
            if (door != null) door.close();
        }
    }

    @Test
    void withFewerCopiesInSyncThanPromisedMailIsPutOff() throws Exception {
        accepts();
        cluster.member("broker-3").kill();
        await().atMost(PATIENCE).until(() -> inSync() == 2);
        promise(3);
        putsOff();
        cluster.member("broker-3").start();
        acceptsAgain();
        promise(2);
    }

    @Test
    void withMostBrokersHangingMailIsPutOff() throws Exception {
        accepts();
        for (var name : List.of("broker-1", "broker-2")) cluster.member(name).suspend();
        putsOff();
        for (var name : List.of("broker-1", "broker-2")) cluster.member(name).resume();
        acceptsAgain();
    }

    @Test
    void withOneOfThreeBrokersDeadMailIsTakenAgain() throws Exception {
        accepts();
        cluster.member("broker-2").kill();
        long since = System.nanoTime();
        acceptsAgain();
        System.out.println("took mail " + (System.nanoTime() - since) / 1_000_000 + " ms after a broker's death");
        cluster.member("broker-2").start();
        cluster.member("broker-2").awaitReady(PATIENCE);
    }

    private void accepts() throws IOException {
        assertThat(send()).startsWith("250 2.0.0 ");
    }

    private void putsOff() throws IOException {
        long since = System.nanoTime();
        assertThat(send()).startsWith("451 4.3.0 ");
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(BUDGET);
    }

    private void acceptsAgain() {
        await().atMost(PATIENCE).until(() -> {
            var reply = send();
            assertThat(reply).as("never a 5xx").matches("[24].*");
            return reply.startsWith("250 2.0.0 ");
        });
    }

    /// The first reply that says no, or the one to the dot.
    private String send() throws IOException {
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO client.test");
            var mail = caller.say("MAIL FROM:<a@demo.test>");
            if (!mail.startsWith("250 ")) return mail;
            caller.say("RCPT TO:<to@one.test>");
            caller.say("DATA");
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
            return caller.reply();
        }
    }

    private int inSync() throws Exception {
        try (var admin = admin()) {
            var asked = admin.describeTopics(List.of(Topics.ACCEPTED.topic())).allTopicNames();
            return asked.get(10, TimeUnit.SECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .mapToInt(partition -> partition.isr().size())
                    .max()
                    .orElse(0);
        }
    }

    private void promise(int copies) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.ACCEPTED.topic());
        var least = new AlterConfigOp(
                new ConfigEntry("min.insync.replicas", Integer.toString(copies)), AlterConfigOp.OpType.SET);
        try (var admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(least))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private Admin admin() throws IOException {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
    }
}
