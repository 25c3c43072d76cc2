package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.RealKafka.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicWriterTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void recordsOfOneCallerKeepTheirOrder() {
        try (var writer = open()) {
            var offsets = IntStream.range(0, 500)
                    .mapToObj(i -> writer.send(record(Topics.EVENTS, 1, "order", "" + i)))
                    .map(CompletableFuture::join)
                    .map(Written::offset)
                    .toList();
            assertThat(offsets).isSorted();
            assertThat(writer.bytesInFlight()).isZero();
            assertThat(writer.oldestInFlight()).isZero();
        }
    }

    @Test
    void aRecordTooLargeIsRefusedAtOnce() {
        try (var writer = open()) {
            var sent =
                    writer.send(new OutRecord(Topics.EVENTS, 0, null, new byte[KafkaSettings.MAX_RECORD], List.of()));
            assertThat(why(sent)).isEqualTo(NotWritten.Why.REFUSED);
        }
    }

    @Test
    void closingWaitsForWhatIsUnderWayAndTakesNothingMore() {
        var writer = open();
        var sent = IntStream.range(0, 200)
                .mapToObj(i -> writer.send(record(Topics.EVENTS, 2, "close", "" + i)))
                .toList();
        writer.close();
        assertThat(sent).allSatisfy(one -> assertThat(one).isCompleted());
        assertThat(why(writer.send(record(Topics.EVENTS, 2, "close", "late")))).isEqualTo(NotWritten.Why.CLOSED);
    }

    @Test
    void aStopDoesNotWaitForEachOfTheRecordsThatAKafkaNeverTook() {
        var nobody = KafkaSettings.oneNode("127.0.0.1:9");
        var writer = TopicWriter.open(nobody, "unreachable", WriterProfile.LEDGER, meters);
        var sent = IntStream.range(0, 100)
                .mapToObj(i -> writer.send(record(Topics.EVENTS, 0, "stop", "" + i)))
                .toList();
        writer.close();
        assertThat(sent).allSatisfy(one -> assertThat(one).failsWithin(Duration.ofSeconds(5)));
        assertThat(writer.bytesInFlight()).isZero();
    }

    @Test
    void whoeverSendsWhileTheWriterStopsIsAnswered() {
        for (int round = 0; round < 10; round++) {
            var writer = open();
            var sent = new ConcurrentLinkedQueue<CompletableFuture<Written>>();
            var senders = IntStream.range(0, 4)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        while (sent.isEmpty() || !sent.peek().isCompletedExceptionally()) {
                            var one = writer.send(record(Topics.EVENTS, 0, "race", ""));
                            if (one.isCompletedExceptionally()) return;
                            sent.add(one);
                        }
                    }))
                    .toList();
            org.awaitility.Awaitility.await().until(() -> sent.size() > 10);
            writer.close();
            for (var sender : senders)
                assertThat(CompletableFuture.runAsync(() -> join(sender))).succeedsWithin(Duration.ofSeconds(5));
            assertThat(CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                            .handle((all, problem) -> true))
                    .succeedsWithin(Duration.ofSeconds(5));
        }
    }

    private static void join(Thread sender) {
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void headersTravel() throws Exception {
        try (var writer = open();
                var seen = new RealKafka.Seen(Topics.EVENTS)) {
            var header = new org.apache.kafka.common.header.internals.RecordHeader("epoch", new byte[] {7});
            writer.send(new OutRecord(
                            Topics.EVENTS,
                            3,
                            RealKafka.bytes("headers/1"),
                            new OutRecord.Payload.Ready(null),
                            List.of(header)))
                    .join();
            org.awaitility.Awaitility.await().until(() -> seen.of("headers").size() == 1);
            var read = seen.of("headers").getFirst();
            assertThat(read.headers().lastHeader("epoch").value()).containsExactly(7);
            assertThat(read.value()).isNull();
            assertThat(System.currentTimeMillis() - read.timestamp()).isLessThan(60_000);
        }
    }

    private TopicWriter open() {
        return TopicWriter.open(RealKafka.settings(), "writer-test", WriterProfile.INTAKE, meters);
    }

    private static NotWritten.Why why(CompletableFuture<Written> sent) {
        assertThat(sent).failsWithin(Duration.ofSeconds(1));
        return ((NotWritten) sent.exceptionNow()).why();
    }
}
