package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Topics;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.Mark;
import io.postmesh.delivery.waiting.WaitingBodies;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TenureTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Workshop workshop;

    @BeforeEach
    void open() throws Exception {
        workshop = new Workshop(folder);
    }

    @AfterEach
    void close() {
        workshop.close();
    }

    @Test
    void aTenureThatEndsBeforeItsPartitionIsOwnedLeavesTheIndexToTheNextOne() throws Exception {
        var taking = new CompletableFuture<Thread>();
        var thread = Executors.newSingleThreadExecutor(work -> {
            var one = Thread.ofPlatform().daemon().unstarted(work);
            taking.complete(one);
            return one;
        });
        try (var indexes = Indexes.open(folder.resolve("index"));
                var bodies = WaitingBodies.open(workshop.kafka);
                var topic = WaitingTopic.open(workshop.kafka, Clock.systemUTC());
                var lanes = new LaneBook(new LaneBook.Limits(10, 250, SOON, 4 << 20), Clock.systemUTC(), () -> false)) {
            workshop.write(Topics.CONTROL, "gone", null); // so there is something to know
            var rule = topic.rule();
            var left = indexes.find(Workshop.PARTITION, rule).index();
            left.mark(new Mark(rule.topicId(), 0, 1, rule.now()));
            indexes.close(left);

            var tenure = new Tenure(
                    Workshop.PARTITION, workshop.desk(LedgerLog.of(workshop.writer), indexes, bodies, topic, lanes));
            tenure.begin(Optional.empty(), 1, thread);
            await().atMost(SOON).until(() -> awaitsControl(taking.join()));
            assertThat(indexes.find(Workshop.PARTITION, rule).mark()).isEmpty(); // in use
            tenure.over();
            thread.shutdown();
            assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(indexes.find(Workshop.PARTITION, rule).mark()).isPresent();
        } finally {
            thread.shutdownNow();
        }
    }

    private static boolean awaitsControl(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Control.class.getName()));
    }
}
