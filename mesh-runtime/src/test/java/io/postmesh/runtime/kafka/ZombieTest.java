package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.key;
import static io.postmesh.runtime.kafka.RealKafka.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.RealKafka.Seen;
import java.time.Duration;
import java.util.AbstractList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A stage that lost its work without noticing, and goes on as if no time had passed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZombieTest {
    private static final int MAILS = 600;
    private static final int MOST_IN_HAND = 16; // what a batch of eight may have grown by
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private TopicWriter writer;
    private Seen cleared;

    @BeforeAll
    void open() throws Exception {
        writer = TopicWriter.open(RealKafka.settings(), "zombie-test", WriterProfile.INTAKE, meters);
        cleared = new Seen(Topics.CLEARED);
    }

    @AfterAll
    void close() {
        writer.close();
        cleared.close();
    }

    /// The group gives its partitions away after 9 s; its commit then names a generation that is over.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStageThatWakesAfterAnotherTookItsPartitionsCommitsNothing(boolean transactions) throws Exception {
        var test = "sleeper-" + transactions;
        var kafka = RealKafka.settings(transactions, "local");
        write(test, 0, MAILS);
        var sleeper = StageProcess.start(kafka, test);
        try (var _ = afterSleepOf(sleeper, test, kafka.as("heir"))) {
            await().atMost(PATIENCE).until(() -> distinct(test) == MAILS);
            signal(sleeper, "-CONT");
            write(test, MAILS, 200);
            await().atMost(PATIENCE).until(() -> distinct(test) == MAILS + 200);
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
        int twice = cleared.of(test).size() - MAILS - 200;
        assertThat(twice).isBetween(0, transactions ? 0 : MOST_IN_HAND);
    }

    private TransactionalStage afterSleepOf(Process sleeper, String test, KafkaSettings heir) throws Exception {
        await().atMost(PATIENCE).until(() -> cleared.of(test).size() > 40);
        signal(sleeper, "-STOP");
        return stage(heir, test, in -> pass(in, List.of()));
    }

    /// Kafka ends a transaction after 10 s, so that readers are not held up by one who hangs. What it had written is
    /// never seen, and the stage does it again.
    @Test
    void aTransactionThatKafkaEndedIsDoneAgain() {
        write("overdue", 0, 8);
        var once = new AtomicBoolean(true);
        StageHandler handler = in -> key(in).equals("overdue/7") && once.getAndSet(false)
                ? List.of(
                        pass(in, List.of()).getFirst(),
                        pass(in, new Lingering("overdue-local")).getFirst())
                : pass(in, List.of());
        try (var _ = stage(RealKafka.settings(), "overdue", handler)) {
            await().atMost(PATIENCE).until(() -> distinct("overdue") == 8);
            assertThat(cleared.of("overdue")).hasSize(8);
            assertThat(meters.get("postmesh_stage_aborts")
                            .tag("stage", "overdue")
                            .counter()
                            .count())
                    .isPositive();
        }
    }

    /// Headers that take their time while the stage writes them: until Kafka has ended the transaction.
    private static final class Lingering extends AbstractList<Header> {
        private final String transaction;

        Lingering(String transaction) {
            this.transaction = transaction;
        }

        @Override
        public Header get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            if (isBeingWritten()) {
                await().atMost(PATIENCE).until(() -> state() == TransactionState.ONGOING);
                await().atMost(PATIENCE).until(() -> state() == TransactionState.COMPLETE_ABORT);
            }
            return 0;
        }

        private static boolean isBeingWritten() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("toKafka")));
        }

        private TransactionState state() {
            try (var admin = Admin.create(RealKafka.settings().admin("overdue-test"))) {
                var asked = admin.describeTransactions(List.of(transaction)).description(transaction);
                return asked.get(10, TimeUnit.SECONDS).state();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private TransactionalStage stage(KafkaSettings kafka, String test, StageHandler handler) {
        return TransactionalStage.open(
                kafka,
                StageSpec.of(test, Topics.ACCEPTED, new StageSpec.Workers.Waiting(8)),
                meters,
                in -> key(in).startsWith(test + "/") ? handler.handle(in) : List.of());
    }

    private static List<OutRecord> pass(InRecord in, List<Header> headers) {
        return List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), headers));
    }

    private int distinct(String test) {
        return new HashSet<>(cleared.keys(test)).size();
    }

    private void write(String test, int from, int count) {
        var written = IntStream.range(from, from + count)
                .mapToObj(i -> writer.send(record(Topics.ACCEPTED, i % 4, test + "/" + i, "mail " + i)))
                .toList();
        written.forEach(w -> assertThat(w).succeedsWithin(Duration.ofSeconds(20)));
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
