package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.RealKafka.Seen;
import io.postmesh.runtime.kafka.SuddenDeath.Moment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A stage's process is halted at each step that leaves a trace in Kafka, and another one goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledAtEachWriteTest {
    private static final int MAILS = 120;

    /// In a place that the batches of eight do not end at.
    private static final int FATAL = 43;

    private static final int MOST_IN_HAND = 16; // what a batch of eight may have grown by

    private TopicWriter writer;
    private Seen cleared;

    @BeforeAll
    void open() throws Exception {
        writer = TopicWriter.open(RealKafka.settings(), "killed-test", WriterProfile.INTAKE, new SimpleMeterRegistry());
        cleared = new Seen(Topics.CLEARED);
    }

    @AfterAll
    void close() {
        writer.close();
        cleared.close();
    }

    @ParameterizedTest
    @CsvSource({"READ", "SENDING", "WRITTEN"})
    void withTransactionsEveryMailComesOutOnceWhereverTheProcessDied(Moment moment) throws Exception {
        var test = "tx-" + moment;
        dieAndGoOn(RealKafka.settings(true, "local"), test, moment);
        assertThat(cleared.keys(test)).hasSize(MAILS).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"READ", "SENDING", "WRITTEN", "COMMITTED"})
    void withoutThemEveryMailComesOutAndWhatComesTwiceIsTheSameRecordForTheOwnerToDrop(Moment moment) throws Exception {
        var test = "plain-" + moment;
        dieAndGoOn(RealKafka.settings(false, "local"), test, moment);
        int twice = cleared.of(test).size() - MAILS;
        assertThat(twice).isBetween(moment == Moment.WRITTEN ? 1 : 0, MOST_IN_HAND);
        if (moment == Moment.READ || moment == Moment.COMMITTED)
            assertThat(twice).isZero();
        assertThat(cleared.of(test).stream().map(KilledAtEachWriteTest::whole).distinct())
                .hasSize(MAILS);
    }

    private void dieAndGoOn(KafkaSettings kafka, String test, Moment moment) throws Exception {
        write(test);
        var child = StageProcess.start(kafka, test, moment, FATAL);
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS))
                    .as("it dies by itself")
                    .isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(child.exitValue()).isEqualTo(137);
        Predecessor.removeMembers(kafka, List.of(test)); // or the test would wait 9 s for them to be missed
        try (var _ = TransactionalStage.open(
                kafka,
                StageSpec.of(test, Topics.ACCEPTED, new StageSpec.Workers.Waiting(64)),
                new SimpleMeterRegistry(),
                in -> RealKafka.key(in).startsWith(test + "/") ? pass(in) : List.of())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> new HashSet<>(cleared.keys(test)).size() == MAILS);
        }
    }

    private void write(String test) {
        var written = IntStream.range(0, MAILS)
                .mapToObj(i -> writer.send(record(Topics.ACCEPTED, i % 4, test + "/" + i, "mail " + i)))
                .toList();
        written.forEach(w -> assertThat(w).succeedsWithin(Duration.ofSeconds(20)));
    }

    private static List<OutRecord> pass(InRecord in) {
        return List.of(new OutRecord(Topics.CLEARED, in.partition(), in.key(), in.value(), List.of()));
    }

    private static String whole(InRecord record) {
        return record.partition() + " " + RealKafka.key(record) + " " + new String(record.value());
    }
}
