package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the index on the disk may be trusted with, and what is done without one (LEDGER L17, L18, L20).
@Timeout(600)
class WaitingIndexTest {
    private static final Duration LONG = Duration.ofDays(2);
    // Reading all of it takes longer than the fetch of the other partitions (500 ms) that holds up the first of this
    // one.
    private static final int MORE_THAN_IS_READ_FIRST = 500_000;

    @TempDir
    private static Path folder;

    private static Workshop workshop;
    private final Remotes remotes = new Remotes();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void open() throws Exception {
        workshop = new Workshop(folder);
    }

    @AfterAll
    static void close() {
        workshop.close();
    }

    private Owner worker(Clock clock) throws Exception {
        return workshop.worker(LedgerLog.of(workshop.writer), remotes, clock, meters, LONG);
    }

    private Workshop.Mail waits(Clock clock) throws Exception {
        var mail = workshop.mail("later-a@one.test");
        try (var worker = worker(clock)) {
            workshop.arrives(mail);
            soon().until(() -> workshop.waiting(mail).size() == 1);
            soon().until(() -> worker.trouble().isEmpty());
            soon().until(() -> known() == 1);
        }
        return mail;
    }

    // The worker's own count, not the topic's.
    private double known() {
        return meters.get("postmesh_delivery_waiting").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .max()
                .orElse(-1);
    }

    @Test
    void aCheckpointOlderThanTheTombstonesIsNotUsed() throws Exception {
        var clock = new HandClock();
        waits(clock);
        // Somebody else served it; compaction took the state, and after its time the tombstone.
        workshop.forgetStates();
        clock.pass(Duration.ofHours(11));
        meters.clear();
        try (var worker = worker(clock)) { // young enough to be believed
            soon().until(() -> worker.trouble().isEmpty());
            assertThat(known()).isEqualTo(1);
        }
        clock.pass(Duration.ofHours(13));
        meters.clear();
        try (var worker = worker(clock)) { // half a day is over: the topic is read, and nobody waits there
            soon().until(() -> worker.trouble().isEmpty());
            assertThat(known()).isZero();
        }
        assertThat(remotes.steps.stream().filter("dot"::equals)).hasSize(1);
    }

    @Test
    void withoutADiskWhoComesAgainIsKnownHoweverLongItHasBeenWaiting() throws Exception {
        meters.clear();
        var mail = waits(Clock.systemUTC());
        workshop.writeTombstones(MORE_THAN_IS_READ_FIRST);
        delete(workshop.index("worker"));
        meters.clear();
        var fresh = workshop.mail("ok-b@one.test");
        workshop.arrives(mail); // policy worked a second time
        workshop.arrives(fresh);
        try (var worker = worker(Clock.systemUTC())) {
            soon().until(() -> workshop.finals(fresh).size() == 1);
            soon().until(() -> workshop.committed().orElseThrow().offset() == workshop.end());
            soon().until(() -> known() == 1 && worker.trouble().isEmpty());
        }
        assertThat(remotes.dots(mail.id(), 0)).isEqualTo(1);
        assertThat(remotes.dots(fresh.id(), 0)).isEqualTo(1);
        assertThat(meters.counter("postmesh_delivery_postponed_total").count()).isPositive();
        workshop.forgetStates();
        delete(workshop.index("worker"));
    }

    private static void delete(Path index) throws IOException {
        try (var all = Files.walk(index)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(one);
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90));
    }
}
