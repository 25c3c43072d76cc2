package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A stage under load while its brokers, real processes, hang or die.
@Execution(ExecutionMode.CONCURRENT)
class BrokersInTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MOST_IN_HAND = 1_000; // a batch, and what one more poll brings

    @TempDir
    Path folder;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ConcurrentLinkedQueue<String> out = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> in = new ConcurrentLinkedQueue<>();
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    /// The broker hangs for longer than a commit waits for its answer: whether it went through is not known.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitWhoseAnswerNeverComesIsNeitherLostNorDoneTwice(boolean transactions) throws Exception {
        try (var cluster = cluster(1);
                var writer = writer(kafka(cluster, transactions));
                var _ = tail(kafka(cluster, transactions), Topics.ACCEPTED, in::add);
                var _ = tail(kafka(cluster, transactions), Topics.CLEARED, out::add);
                var _ = stage(kafka(cluster, transactions));
                var load = load(writer)) {
            awaitOut(200);
            cluster.member("broker-1").suspend();
            await().atMost(PATIENCE).until(() -> aborts() >= 2);
            cluster.member("broker-1").resume();
            awaitOut(out.size() + 200);
            load.close();
            awaitAllOut(transactions);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachOfThreeBrokersIsKilledAndNothingIsLost(boolean transactions) throws Exception {
        try (var cluster = cluster(3);
                var writer = writer(kafka(cluster, transactions));
                var _ = tail(kafka(cluster, transactions), Topics.ACCEPTED, in::add);
                var _ = tail(kafka(cluster, transactions), Topics.CLEARED, out::add);
                var stage = stage(kafka(cluster, transactions));
                var load = load(writer)) {
            awaitOut(200);
            for (var victim : List.of("broker-1", "broker-2", "broker-3")) {
                cluster.member(victim).kill();
                awaitOut(out.size() + 200);
                cluster.member(victim).start();
                cluster.member(victim).awaitReady(PATIENCE);
                awaitOut(out.size() + 200);
            }
            load.close();
            awaitAllOut(transactions);
            await().atMost(PATIENCE).until(() -> stage.trouble().isEmpty());
        }
    }

    /// With transactions each comes out once. Without, only what was in hand at a failure comes again.
    private void awaitAllOut(boolean transactions) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Set.copyOf(out)).isEqualTo(written);
            assertThat(out).hasSizeGreaterThanOrEqualTo(in.size());
        });
        int twice = out.size() - in.size();
        assertThat(twice).isBetween(0, transactions ? 0 : (int) (aborts() + 1) * MOST_IN_HAND);
    }

    private void awaitOut(int count) {
        await().atMost(PATIENCE).until(() -> out.size() >= count);
    }

    private double aborts() {
        return meters.get("postmesh_stage_aborts")
                .tag("stage", "stage")
                .counter()
                .count();
    }

    private Cluster cluster(int brokers) throws Exception {
        return Cluster.start(new ClusterPlan(
                        folder, System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .brokers(brokers)
                .copies(0)
                .patience(PATIENCE));
    }

    private static KafkaSettings kafka(Cluster cluster, boolean transactions) throws Exception {
        int brokers = cluster.bootstrap().split(",", -1).length;
        return new KafkaSettings(cluster.bootstrap(), Map.of(), brokers, false, transactions, "local", 4, 4);
    }

    private TopicWriter writer(KafkaSettings kafka) throws Exception {
        MeshTopics.open(kafka, Set.of()).close();
        return TopicWriter.open(kafka, "load", WriterProfile.LEDGER, meters);
    }

    private static TopicTail tail(KafkaSettings kafka, Topics topic, Consumer<String> keys) throws Exception {
        return TopicTail.open(
                kafka, "tail-" + topic, topic, TopicTail.From.EARLIEST, in -> keys.accept(RealKafka.key(in)));
    }

    private TransactionalStage stage(KafkaSettings kafka) {
        return TransactionalStage.open(
                kafka,
                StageSpec.of("stage", Topics.ACCEPTED, new StageSpec.Workers.Waiting(64)),
                meters,
                in -> List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), List.of())));
    }

    /// Writes to each partition one record after the other until it is closed; then every one of them is acknowledged.
    private Load load(TopicWriter writer) {
        return new Load(writer);
    }

    private final class Load implements AutoCloseable {
        private final AtomicBoolean enough = new AtomicBoolean();
        private final List<Thread> threads;

        Load(TopicWriter writer) {
            threads = List.of(0, 1, 2, 3).stream()
                    .map(partition -> Thread.ofVirtual().start(() -> write(writer, partition)))
                    .toList();
        }

        private void write(TopicWriter writer, int partition) {
            for (int i = 0; !enough.get(); i++) {
                var key = partition + "/" + i;
                writer.send(record(Topics.ACCEPTED, partition, key, "mail")).join();
                written.add(key);
            }
        }

        @Override
        public void close() throws InterruptedException {
            enough.set(true);
            for (var thread : threads) thread.join();
        }
    }
}
