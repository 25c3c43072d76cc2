package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka goes away while mail is under way, and comes back.
class BrokerAwayTest {
    private static final WriterProfile IMPATIENT =
            new WriterProfile(Duration.ZERO, 64 << 10, 1 << 20, Duration.ofSeconds(1), Duration.ofMillis(1500));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writersNeverBlockAndStagesGoOnWhereTheyWere(boolean transactions) throws Exception {
        var meters = new SimpleMeterRegistry();
        var broker = EmbeddedKafka.start(folder, EmbeddedKafka.Options.DURABLE);
        var kafka = new KafkaSettings(broker.bootstrap(), Map.of(), 1, true, transactions, "local", 4, 4);
        MeshTopics.open(kafka, Set.of()).close();
        var out = ConcurrentHashMap.<String>newKeySet();
        try (var intake = TopicWriter.open(kafka, "intake", IMPATIENT, meters);
                var ledger = TopicWriter.open(kafka, "ledger", WriterProfile.LEDGER, meters);
                var stage = TransactionalStage.open(
                        kafka,
                        StageSpec.of("stage", Topics.ACCEPTED, new StageSpec.Workers.Waiting(8)),
                        meters,
                        in -> List.of(new OutRecord(Topics.CLEARED, 0, in.key(), in.value(), List.of())));
                var _ = TopicTail.open(
                        kafka, "tail", Topics.CLEARED, TopicTail.From.EARLIEST, in -> out.add(RealKafka.key(in)))) {
            assertThat(intake.send(record(Topics.ACCEPTED, 0, "before", ""))).succeedsWithin(Duration.ofSeconds(10));
            await().atMost(Duration.ofSeconds(20)).until(() -> out.contains("before"));

            broker.close();
            var kept = ledger.send(record(Topics.ACCEPTED, 0, "kept", ""));
            refusesInTime(intake);
            refusesAtOnceWhenFull(intake);
            assertThat(kept).isNotDone();
            await().atMost(Duration.ofSeconds(15)).until(() -> ledger.trouble().isPresent());

            broker = EmbeddedKafka.start(folder, EmbeddedKafka.Options.DURABLE);
            assertThat(kept).succeedsWithin(Duration.ofSeconds(20));
            assertThat(ledger.trouble()).isEmpty();
            assertThat(ledger.bytesInFlight()).isZero();
            await().atMost(Duration.ofSeconds(30)).until(() -> out.contains("kept"));
            await().atMost(Duration.ofSeconds(10)).until(() -> stage.trouble().isEmpty());
        } finally {
            broker.close();
        }
    }

    /// `docker stop` kills after 10 s, and three stages stop one after the other.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStageStopsInTimeWithoutKafkaAndItsMailIsDoneNextTime(boolean transactions) throws Exception {
        var meters = new SimpleMeterRegistry();
        var broker = EmbeddedKafka.start(folder, EmbeddedKafka.Options.DURABLE);
        var kafka = new KafkaSettings(broker.bootstrap(), Map.of(), 1, true, transactions, "local", 4, 4);
        MeshTopics.open(kafka, Set.of()).close();
        var atWork = new CountDownLatch(1);
        var brokerIsGone = new CountDownLatch(1);
        StageHandler handler = in -> {
            atWork.countDown();
            brokerIsGone.await();
            return List.of(new OutRecord(Topics.CLEARED, 0, in.key(), in.value(), List.of()));
        };
        var spec = StageSpec.of("stage", Topics.ACCEPTED, new StageSpec.Workers.Waiting(8));
        try (var intake = TopicWriter.open(kafka, "intake", WriterProfile.INTAKE, meters)) {
            assertThat(intake.send(record(Topics.ACCEPTED, 0, "mail", ""))).succeedsWithin(Duration.ofSeconds(10));
            var stage = TransactionalStage.open(kafka, spec, meters, handler);
            assertThat(atWork.await(20, TimeUnit.SECONDS)).isTrue();
            broker.close();
            brokerIsGone.countDown();
            long since = System.nanoTime();
            stage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(7));
        } finally {
            broker.close();
        }
        doneNextTime(kafka, spec, handler);
    }

    private void doneNextTime(KafkaSettings kafka, StageSpec spec, StageHandler handler) throws Exception {
        var out = new ConcurrentLinkedQueue<String>();
        try (var _ = EmbeddedKafka.start(folder, EmbeddedKafka.Options.DURABLE);
                var _ = TopicTail.open(
                        kafka, "tail", Topics.CLEARED, TopicTail.From.EARLIEST, in -> out.add(RealKafka.key(in)))) {
            Predecessor.removeMembers(kafka, List.of(spec.name())); // or the test would wait 9 s for it to be missed
            var stage = TransactionalStage.open(kafka, spec, new SimpleMeterRegistry(), handler);
            await().atMost(Duration.ofSeconds(30)).until(() -> out.contains("mail"));
            stage.close();
        }
    }

    private static void refusesInTime(TopicWriter intake) {
        var since = System.nanoTime();
        var sent = IntStream.range(0, 200)
                .mapToObj(i -> intake.send(record(Topics.ACCEPTED, 0, "away", "x")))
                .toList();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(300));
        for (var one : sent) {
            assertThat(one)
                    .failsWithin(Duration.ofSeconds(3))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            NotWritten.class, e -> assertThat(e.why()).isEqualTo(NotWritten.Why.UNSURE));
        }
        assertThat(intake.bytesInFlight()).isZero();
        assertThat(intake.oldestInFlight()).isZero();
    }

    private static void refusesAtOnceWhenFull(TopicWriter intake) throws Exception {
        var large = new OutRecord(Topics.ACCEPTED, null, null, new byte[600_000], List.of());
        var first = intake.send(large);
        var second = intake.send(large);
        assertThat(second).isCompletedExceptionally();
        assertThat(second.exceptionNow())
                .isInstanceOfSatisfying(
                        NotWritten.class, e -> assertThat(e.why()).isEqualTo(NotWritten.Why.FULL));
        assertThat(first.handle((w, e) -> e).get(5, TimeUnit.SECONDS)).isInstanceOf(NotWritten.class);
    }
}
