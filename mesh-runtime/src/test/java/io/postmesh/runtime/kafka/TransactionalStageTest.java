package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.bytes;
import static io.postmesh.runtime.kafka.RealKafka.key;
import static io.postmesh.runtime.kafka.RealKafka.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.RealKafka.Seen;
import io.postmesh.runtime.kafka.StageSpec.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionalStageTest {
    private static final Workers WAITING = new Workers.Waiting(64);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private TopicWriter writer;
    private Seen cleared;
    private Seen quarantined;

    @BeforeAll
    void open() throws Exception {
        writer = TopicWriter.open(RealKafka.settings(), "test", WriterProfile.INTAKE, meters);
        cleared = new Seen(Topics.CLEARED);
        quarantined = new Seen(Topics.QUARANTINE);
    }

    @AfterAll
    void close() {
        writer.close();
        cleared.close();
        quarantined.close();
    }

    @Test
    void everyRecordComesOutOnceInTheOrderOfItsPartition() {
        write("once", 400);
        try (var _ = stage("once", new Workers.Computing(2), this::pass)) {
            awaitExactly("once", 400);
            for (int p = 0; p < 4; p++) assertThat(cleared.keys("once")).containsSubsequence(keys("once", 400, p));
        }
    }

    @Test
    void whatWasCommittedIsNotDoneAgain() {
        write("resume", 20);
        try (var _ = stage("resume", WAITING, this::pass)) {
            awaitExactly("resume", 20);
        }
        write("resume", 20, 20);
        try (var _ = stage("resume", WAITING, this::pass)) {
            awaitExactly("resume", 40);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBadRecordGoesToQuarantineWithItsBytesAndTheOthersGoOn(boolean transactions) {
        var test = "bad-" + transactions;
        write(test, 40);
        StageHandler handler = in -> {
            if (key(in).equals(test + "/7")) throw new BadRecord("no envelope");
            return pass(in);
        };
        try (var _ = stage(RealKafka.settings(transactions, "local"), test, WAITING, handler)) {
            awaitExactly(test, 39);
            await().until(() -> quarantined.of(test).size() == 1);
            var poison = quarantined.of(test).getFirst();
            assertThat(poison.value()).isEqualTo(bytes("mail 7"));
            assertThat(header(poison, "reason")).isEqualTo("no envelope");
            assertThat(header(poison, "topic")).isEqualTo("mail.accepted");
            assertThat(header(poison, "partition")).isEqualTo("3");
            assertThat(header(poison, "stage")).isEqualTo(test);
        }
    }

    @Test
    void aRecordThatBringsOutABugIsQuarantinedAfterSomeTries() {
        write("bug", 12);
        var tries = new AtomicInteger();
        StageHandler handler = in -> {
            if (key(in).equals("bug/3")) throw new IllegalStateException("try " + tries.incrementAndGet());
            return pass(in);
        };
        try (var _ = stage("bug", WAITING, handler)) {
            await().until(() -> quarantined.of("bug").size() == 1);
            awaitExactly("bug", 11);
            assertThat(tries).hasValue(Trials.SUSPECT);
        }
    }

    @Test
    void whatIsNotTheRecordsFaultIsTriedUntilItWorksAndOtherPartitionsGoOn() {
        write("outage", 12);
        var tries = new AtomicInteger();
        var mended = new CountDownLatch(1);
        StageHandler handler = in -> {
            if (key(in).equals("outage/0") && mended.getCount() > 0) {
                tries.incrementAndGet();
                throw new IOException("blob store away");
            }
            return pass(in);
        };
        try (var _ = stage("outage", WAITING, handler)) {
            await().until(() -> tries.get() >= Trials.SUSPECT);
            assertThat(cleared.keys("outage")).hasSize(9).doesNotContain("outage/0", "outage/4", "outage/8");
            mended.countDown();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> cleared.of("outage").size() == 12);
            assertThat(cleared.keys("outage")).containsSubsequence("outage/0", "outage/4", "outage/8");
            assertThat(quarantined.of("outage")).isEmpty();
        }
    }

    @Test
    void anOutputTooLargeForKafkaDoesNotHoldUpTheStage() {
        write("large", 3);
        StageHandler handler = in -> key(in).equals("large/1")
                ? List.of(new OutRecord(Topics.CLEARED, 0, in.key(), new byte[KafkaSettings.MAX_RECORD + 1], List.of()))
                : pass(in);
        try (var _ = stage("large", WAITING, handler)) {
            awaitExactly("large", 2);
            await().until(() -> quarantined.of("large").size() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOutputForAPartitionThatDoesNotExistWaitsAndTheOtherPartitionsGoOn(boolean transactions) {
        var test = "nowhere-" + transactions;
        write(test, 12);
        StageHandler handler = in -> key(in).equals(test + "/1")
                ? List.of(new OutRecord(Topics.CLEARED, 99, in.key(), in.value(), List.of()))
                : pass(in);
        try (var stage = stage(RealKafka.settings(transactions, "local"), test, WAITING, handler)) {
            await().until(() -> cleared.of(test).size() == 9);
            assertThat(cleared.keys(test)).doesNotContain(test + "/1", test + "/5", test + "/9");
            await().until(() -> retried(test) >= 2);
            assertThat(stage.trouble()).isEmpty();
            assertThat(quarantined.of(test)).isEmpty();
        }
        try (var _ = stage(RealKafka.settings(transactions, "local"), test, WAITING, this::pass)) {
            awaitExactly(test, 12);
        }
    }

    @Test
    void anOutputForANegativePartitionGoesToQuarantine() {
        write("negative", 3);
        StageHandler handler = in -> key(in).equals("negative/1")
                ? List.of(new OutRecord(Topics.CLEARED, -1, in.key(), in.value(), List.of()))
                : pass(in);
        try (var _ = stage("negative", WAITING, handler)) {
            awaitExactly("negative", 2);
            await().until(() -> quarantined.of("negative").size() == 1);
        }
    }

    @Test
    void aFaultOfOursDoesNotSendAllMailToQuarantineAtOnce() {
        write("broken", 40);
        StageHandler handler = in -> {
            throw new IllegalStateException("nothing can be signed today");
        };
        try (var _ = TransactionalStage.open(
                RealKafka.settings(), StageSpec.of("broken", Topics.ACCEPTED, WAITING), meters, handler)) {
            // In this time every partition has had its first record tried over and over.
            await().atMost(Duration.ofSeconds(30)).until(() -> retried("broken") >= 30);
            assertThat(meters.get("postmesh_stage_records")
                            .tags("stage", "broken", "result", "quarantined")
                            .counter()
                            .count())
                    .isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aPredecessorsOpenTransactionIsEndedAndItsOutputsAreNeverSeen() {
        write("zombie", 4);
        var properties = RealKafka.settings().producer("zombie");
        properties.put("transactional.id", "zombie-local");
        try (var dead = new KafkaProducer<byte[], byte[]>(properties)) {
            dead.initTransactions();
            dead.beginTransaction();
            dead.send(record(Topics.CLEARED, 0, "zombie/half-done", "x").toKafka());
            dead.flush();
            try (var _ = stage("zombie", WAITING, this::pass)) {
                awaitExactly("zombie", 4);
                assertThat(cleared.keys("zombie")).doesNotContain("zombie/half-done");
            }
        }
    }

    /// The child's members are removed as `run` does it at its start; otherwise they would be missed after 9 s.
    @Test
    void aProcessKilledInTheMiddleOfItsWorkLeavesNothingLostAndNothingDoubled() throws Exception {
        write("kill", 600);
        for (int kills = 1; kills <= 2; kills++) {
            int enough = kills * 40;
            var child = StageProcess.start(RealKafka.settings(), "kill");
            try {
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> cleared.of("kill").size() > enough);
            } finally {
                child.destroyForcibly().waitFor();
            }
            Predecessor.removeMembers(RealKafka.settings(), List.of("kill", "never-there"));
        }
        assertThat(cleared.of("kill").size()).isLessThan(600);
        try (var _ = stage("kill", WAITING, this::pass)) {
            awaitExactly("kill", 600);
        }
    }

    @Test
    void aFencedStageTakesItsIdBackAndGoesOnWhereItWas() {
        write("fenced", 8);
        try (var stage = stage("fenced", WAITING, this::pass)) {
            awaitExactly("fenced", 8);
            var properties = RealKafka.settings().producer("rival");
            properties.put("transactional.id", "fenced-local");
            try (var rival = new KafkaProducer<byte[], byte[]>(properties)) {
                rival.initTransactions();
            }
            write("fenced", 8, 8);
            awaitExactly("fenced", 16);
            await().until(() -> stage.trouble().isEmpty());
        }
    }

    @Test
    void partitionsMoveBetweenMembersUnderLoadAndNothingIsLostOrDoubled() {
        write("move", 1200);
        StageHandler slow = in -> {
            TimeUnit.MILLISECONDS.sleep(1); // work that takes time, not a wait for a fact
            return pass(in);
        };
        var first = stage(RealKafka.settings(true, "one"), "move", new Workers.Waiting(2), slow);
        try (first) {
            await().until(() -> cleared.of("move").size() > 50);
            try (var second = stage(RealKafka.settings(true, "two"), "move", new Workers.Waiting(2), slow)) {
                await().until(() -> second.joined().isDone());
                write("move", 400, 1200);
                await().until(() -> cleared.of("move").size() > 400);
                first.close();
                awaitExactly("move", 1600);
            }
        }
    }

    @Test
    void withoutTransactionsEverythingArrivesToo() {
        write("plain", 200);
        var settings = RealKafka.settings(false, "local");
        try (var _ = stage(settings, "plain", WAITING, this::pass)) {
            awaitExactly("plain", 200);
        }
        write("plain", 10, 200);
        try (var _ = stage(settings, "plain", WAITING, this::pass)) {
            awaitExactly("plain", 210);
        }
    }

    @Test
    void aHandlerThatNeverComesBackDoesNotKeepTheStageFromStoppingAndItsRecordIsDoneNextTime() {
        write("hung", 4);
        var hung = new CountDownLatch(1);
        StageHandler handler = in -> {
            if (key(in).equals("hung/2")) {
                hung.countDown();
                new CountDownLatch(1).await();
            }
            return pass(in);
        };
        var stage = stage("hung", WAITING, handler);
        await().until(() -> hung.getCount() == 0);
        long since = System.nanoTime();
        stage.close();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(7));
        try (var _ = stage("hung", WAITING, this::pass)) {
            awaitExactly("hung", 4);
        }
    }

    @Test
    void aStageThatEndedSaysSo() {
        write("ended", 1);
        StageHandler handler = in -> List.of(new OutRecord(Topics.CLEARED, 0, in.key(), in.value(), new Trap()));
        try (var stage = stage("ended", WAITING, handler)) {
            await().until(() -> stage.ended().isPresent());
            assertThat(stage.trouble()).isEqualTo(stage.ended());
        }
    }

    /// Breaks when the stage itself looks into it; whoever handles the record finds nothing wrong.
    private static final class Trap extends AbstractList<Header> {
        @Override
        public Header get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            if (Thread.currentThread().getName().startsWith("stage-ended")) throw new AssertionError("broken");
            return 0;
        }
    }

    @Test
    void aStageSaysWhatItHasNotReadYet() {
        write("lag", 30);
        var go = new CountDownLatch(1);
        StageHandler handler = in -> {
            go.await();
            return pass(in);
        };
        try (var stage = stage("lag", WAITING, handler)) {
            await().until(() -> stage.joined().isDone());
            assertThat(meters.get("postmesh_kafka_consumer_lag_records")
                            .tag("group", "lag")
                            .gauge())
                    .isNotNull();
            go.countDown();
            awaitExactly("lag", 30);
            await().until(() -> meters.get("postmesh_kafka_consumer_lag_records")
                            .tag("group", "lag")
                            .gauge()
                            .value()
                    == 0);
        }
    }

    /// The topics are shared: a stage lets the records of other tests pass by.
    private TransactionalStage stage(String test, Workers workers, StageHandler handler) {
        return stage(RealKafka.settings(), test, workers, handler);
    }

    private TransactionalStage stage(KafkaSettings kafka, String test, Workers workers, StageHandler handler) {
        return TransactionalStage.open(
                kafka,
                StageSpec.of(test, Topics.ACCEPTED, workers),
                meters,
                in -> key(in).startsWith(test + "/") ? handler.handle(in) : List.of());
    }

    private List<OutRecord> pass(InRecord in) {
        return List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), List.of()));
    }

    private void write(String test, int count) {
        write(test, count, 0);
    }

    private void write(String test, int count, int from) {
        var written = IntStream.range(from, from + count)
                .mapToObj(i -> writer.send(record(Topics.ACCEPTED, i % 4, test + "/" + i, "mail " + i)))
                .toList();
        written.forEach(w -> assertThat(w).succeedsWithin(Duration.ofSeconds(20)));
    }

    private void awaitExactly(String test, int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> cleared.of(test).size() >= count);
        assertThat(new HashSet<>(cleared.keys(test))).hasSize(count);
        assertThat(cleared.of(test)).hasSize(count);
    }

    private double retried(String stage) {
        return meters.get("postmesh_stage_records")
                .tags("stage", stage, "result", "retried")
                .counter()
                .count();
    }

    private static List<String> keys(String test, int count, int partition) {
        return IntStream.range(0, count)
                .filter(i -> i % 4 == partition)
                .mapToObj(i -> test + "/" + i)
                .toList();
    }

    private static String header(InRecord record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
