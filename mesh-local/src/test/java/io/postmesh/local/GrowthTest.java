package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Topics;
import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.Domain;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.TopicTail;
import io.postmesh.signer.keys.KeyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The scenario of LEDGER L5: the number of partitions is raised while mail flows through two workers of each kind.
@Timeout(600)
class GrowthTest {
    private static final int BEFORE = 2;
    private static final int AFTER = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(120); // a test that passes does not wait so long
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID:\\s*(<[^>]+>)");
    private static final Pattern MISSING = Pattern.compile("audit: recipients=\\d+ missing=(\\d+)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what the processes printed is wanted after a failure
    private Path folder;

    private final Set<String> promised = ConcurrentHashMap.newKeySet();
    private final Queue<String> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Set<String>> workers = new ConcurrentHashMap<>(); // by partition, of what they delivered

    @Test
    void raisedUnderLoadNobodyIsLostOrServedTwiceAndBothWorkersDeliverFromTheNewPartitions() throws Exception {
        KeyFolder.generate(folder.resolve("keys"), Domain.parse("demo.test").orElseThrow(), "mail");
        try (var sink = SmtpSink.start(new SinkOptions().memory(1))) {
            sink.onReceived(this::arrived);
            sink.rules().add("* RCPT first 12 451 4.2.0 Later"); // some wait while the partitions grow
            try (var cluster = Cluster.start(plan(sink))) {
                var kafka = settings(cluster);
                try (var _ = TopicTail.open(kafka, "test", Topics.OUTCOMES, TopicTail.From.EARLIEST, this::told)) {
                    var load = Thread.ofVirtual().start(load(cluster));
                    awaitArrivals(40);
                    assertThat(partitions(cluster, "--raise-to", Integer.toString(AFTER)))
                            .contains("mail.outcomes: 2 -> 6 partitions", "new mail is placed on 6 partitions");
                    await("both workers deliver from the new partitions")
                            .atMost(PATIENCE)
                            .until(this::newPartitionsWork);
                    load.interrupt();
                    load.join();
                    await("all that was promised arrives")
                            .atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(missing()).isEmpty());
                }
                assertThat(arrivals).doesNotHaveDuplicates();
                assertThat(partitions(cluster))
                        .contains("new mail is placed on 6 partitions")
                        .doesNotContain("was begun");
                assertThat(audits(cluster)).isNotEmpty().containsOnly(0);
            }
        }
    }

    private ClusterPlan plan(SmtpSink sink) {
        return new ClusterPlan(
                        folder.resolve("cluster"),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .brokers(1)
                .copies(2)
                .copies(ServiceName.INGRESS, 1)
                .patience(PATIENCE)
                .java("-Dlogback.configurationFile=logback.xml") // the program's, not the tests'
                .set("ALLOWED_SENDER_DOMAINS", "demo.test")
                .set("RELAYHOST", "[127.0.0.1]:" + sink.port()) // spread over all partitions
                .set("POSTMESH_DKIM_KEYS", folder.resolve("keys").toString())
                .set("POSTMESH_ACCEPTED_PARTITIONS", Integer.toString(BEFORE))
                .set("POSTMESH_OWNER_PARTITIONS", Integer.toString(BEFORE))
                .set("POSTMESH_RETRY_SCHEDULE", "5s")
                .set("POSTMESH_AUDIT_EVERY", "5s");
    }

    private static KafkaSettings settings(Cluster cluster) throws Exception {
        return new KafkaSettings(cluster.bootstrap(), Map.of(), 1, true, true, "test", BEFORE, BEFORE);
    }

    private Runnable load(Cluster cluster) throws Exception {
        var plan = new LoadPlan(cluster.smtp(1))
                .messages(100_000) // more than is ever sent; it ends when it is interrupted
                .sessions(4)
                .rate(10)
                .size(4_000)
                .seed(System.nanoTime());
        return () -> {
            var _ = LoadGen.run(plan, accepted -> {
                for (var to : accepted.recipients()) promised.add(accepted.messageId() + " " + to);
            });
        };
    }

    /// What the command printed, as a process of its own.
    private String partitions(Cluster cluster, String... options) throws Exception {
        var arguments = new String[options.length + 1];
        arguments[0] = "partitions";
        System.arraycopy(options, 0, arguments, 1, options.length);
        var environment = Map.of("POSTMESH_KAFKA_BOOTSTRAP", cluster.bootstrap());
        try (var child = Child.start(folder.resolve("command"), environment, arguments)) {
            assertThat(child.await(PATIENCE)).as(child.output()).isZero();
            return child.output();
        }
    }

    private void awaitArrivals(int goal) {
        await("mail arrives").atMost(PATIENCE).until(() -> arrivals.size() >= goal);
    }

    private void arrived(Received mail) {
        var found = MESSAGE_ID.matcher(mail.text());
        var id = found.find() ? found.group(1) : "none";
        mail.recipients().forEach(to -> arrivals.add(id + " " + to));
    }

    private void told(InRecord record) {
        try {
            var outcome = LedgerCodec.outcome(Objects.requireNonNull(record.value()));
            if (outcome.kind() != Outcome.Kind.DELIVERED) return;
            workers.computeIfAbsent(record.partition(), _ -> ConcurrentHashMap.newKeySet())
                    .add(outcome.by().worker());
        } catch (BadRecord e) {
            throw new AssertionError(e);
        }
    }

    private boolean newPartitionsWork() {
        var theirs = workers.entrySet().stream()
                .filter(entry -> entry.getKey() >= BEFORE)
                .flatMap(entry -> entry.getValue().stream())
                .collect(Collectors.toSet());
        return workers.size() == AFTER && theirs.size() == 2;
    }

    private Set<String> missing() {
        var arrived = Set.copyOf(arrivals);
        return promised.stream().filter(one -> !arrived.contains(one)).collect(Collectors.toSet());
    }

    // By the worker that has the first partition, whoever it is; every 5 s, before, meanwhile and after.
    private static Set<Integer> audits(Cluster cluster) throws Exception {
        var missing = ConcurrentHashMap.<Integer>newKeySet();
        for (var worker : cluster.copies(ServiceName.DELIVERY)) {
            for (var output : worker.outputs()) {
                MISSING.matcher(Files.readString(output))
                        .results()
                        .forEach(found -> missing.add(Integer.parseInt(found.group(1))));
            }
        }
        return missing;
    }
}
