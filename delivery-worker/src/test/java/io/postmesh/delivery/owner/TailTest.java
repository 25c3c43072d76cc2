package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What others write is heard, also by somebody with a defect (LEDGER L16).
@Timeout(120)
class TailTest {
    private static final int EPOCH = 7;

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger failed = new AtomicInteger();
    private Workshop workshop;
    private Tail tail;

    @BeforeEach
    void open() throws Exception {
        workshop = new Workshop(folder);
        tail = Tail.open(workshop.kafka, new DeliveryMeters(meters, List.of()));
    }

    @AfterEach
    void close() {
        tail.close();
        workshop.close();
    }

    /// @param times a record called `bad` cannot be told
    private void follow(int times) {
        tail.follow(
                Workshop.PARTITION,
                new Tail.Listener() {
                    @Override
                    public int epoch() {
                        return EPOCH;
                    }

                    @Override
                    public void told(Outcome line, int epoch, long offset) {
                        throw new AssertionError("nobody wrote one");
                    }

                    @Override
                    public void overruled(RecordId record, long offset) {
                        if (record.text().equals("bad") && failed.get() < times) {
                            failed.incrementAndGet();
                            throw new IllegalStateException("a defect");
                        }
                        told.add(record.text());
                    }
                },
                0,
                0);
    }

    private void written(String... keys) throws Exception {
        for (var key : keys) workshop.writeLate(Topics.WAITING, key, null, EPOCH - 1);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }

    private double untold() {
        return meters.get("postmesh_delivery_untold_total").counter().count();
    }

    @Test
    void whatCouldNotBeToldIsToldAgainAndNothingTwice() throws Exception {
        follow(2);
        written("before", "bad", "after");
        soon().until(() -> told.contains("after"));
        assertThat(told).containsExactly("before", "bad", "after");
        assertThat(untold()).isZero();
    }

    @Test
    void whatCanNeverBeToldIsAnAlarmAndDoesNotKeepTheOthersFromBeingHeard() throws Exception {
        follow(Integer.MAX_VALUE);
        written("bad", "after");
        soon().until(() -> told.contains("after"));
        assertThat(told).containsExactly("after");
        assertThat(failed).hasValue(3);
        assertThat(untold()).isEqualTo(1);
    }
}
