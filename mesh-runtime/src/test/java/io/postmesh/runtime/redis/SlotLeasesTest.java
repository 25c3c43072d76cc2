package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlotLeasesTest {
    private static final Duration SHORT = Duration.ofMillis(900);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private RedisProcess server;
    private RedisState redis;

    @BeforeAll
    void open() throws Exception {
        server = RedisProcess.start(folder);
        redis = RedisState.connect(server.url(), new SimpleMeterRegistry());
        await().atMost(Duration.ofSeconds(10)).until(() -> redis.trouble().isEmpty());
    }

    @AfterAll
    void close() throws Exception {
        redis.close();
        server.close();
    }

    @Test
    void whateverWorkersWantTheyNeverHaveMoreTogetherThanTheLimit() {
        var random = new Random(11);
        for (int round = 0; round < 20; round++) {
            int limit = 1 + random.nextInt(30);
            var workers = workers("never" + round, 2 + random.nextInt(6), LONG);
            for (int step = 0; step < 60; step++) {
                var worker = workers.get(random.nextInt(workers.size()));
                worker.open = Math.min(worker.open, random.nextInt(limit + 1)); // some conversations end
                worker.ask(limit, random.nextInt(limit + 1));
                worker.open = Math.max(worker.open, random.nextInt(worker.slots + 1)); // some begin
                assertThat(workers.stream().mapToInt(w -> w.open).sum()).isLessThanOrEqualTo(limit);
            }
        }
    }

    @Test
    void whoComesLateGetsAnEqualPartAsSoonAsTheOthersConversationsEnd() {
        var workers = workers("equal", 3, LONG);
        var first = workers.get(0);
        first.ask(10, 10);
        first.open = first.slots;
        assertThat(first.slots).isEqualTo(10);
        workers.get(1).ask(10, 10);
        assertThat(workers.get(1).slots).isZero();
        assertThat(workers.get(1).again)
                .as("the first gives back at its next sweep")
                .isEqualTo(Duration.ofSeconds(1));
        workers.get(2).ask(10, 10);
        for (int sweep = 0; sweep < 3; sweep++) {
            for (var worker : workers) {
                worker.open = Math.min(worker.open, worker.slots);
                worker.ask(10, 10);
            }
        }
        assertThat(workers.stream().map(w -> w.slots).sorted().toList()).isEqualTo(List.of(3, 3, 4));
    }

    @Test
    void whatOneDoesNotWantIsTheOthers() {
        var workers = workers("rest", 2, LONG);
        workers.get(0).ask(10, 2);
        workers.get(1).ask(10, 10);
        assertThat(workers.get(1).slots).isEqualTo(8);
        workers.get(0).ask(10, 0);
        workers.get(1).ask(10, 10);
        assertThat(workers.get(1).slots).isEqualTo(10);
    }

    @Test
    void whereThereAreFewerSlotsThanWorkersEachHasItsTurn() {
        var workers = workers("turns", 3, SHORT);
        var served = new HashSet<Worker>();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    for (var worker : workers) worker.ask(1, 1);
                    assertThat(workers.stream().mapToInt(w -> w.slots).sum()).isLessThanOrEqualTo(1);
                    workers.stream().filter(w -> w.slots == 1).forEach(served::add);
                    return served.size() == 3;
                });
    }

    // The Stalwart bug (B05): there the asking of others kept a dead holder's lock alive.
    @Test
    void whatADeadWorkerHeldIsTakenOverWhenItsLeaseEndsHoweverManyAskMeanwhile() {
        var ttl = Duration.ofSeconds(2);
        long since = System.nanoTime();
        for (int place = 0; place < 50; place++)
            worker("dead" + place, "holder", ttl).ask(5, 5);
        var others = new ArrayList<Worker>();
        for (int place = 0; place < 50; place++) others.addAll(workers("dead" + place, 20, ttl));
        var over = new HashSet<String>();
        await().atMost(ttl.plusSeconds(5)).pollInterval(Duration.ofMillis(20)).until(() -> {
            for (int from = 0; from < others.size(); from += 20) {
                others.subList(from, from + 20).stream()
                        .map(worker -> worker.asked(5, 1))
                        .toList()
                        .forEach(CompletableFuture::join);
            }
            others.stream().filter(worker -> worker.slots > 0).forEach(worker -> over.add(worker.place));
            return over.size() == 50;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(ttl);
    }

    @Test
    void whoComesBackUnderItsNameFindsItsLease() {
        worker("back", "same", LONG).ask(4, 4);
        var again = worker("back", "same", LONG);
        again.ask(4, 3);
        assertThat(again.slots).isEqualTo(3);
        var other = worker("back", "other", LONG);
        other.ask(4, 4);
        assertThat(other.slots).isEqualTo(1);
    }

    @Test
    void aThousandSlotsAreOneMemberForEachWorkerAndLeaveNothingBehind() {
        var worker = worker("large", "one", SHORT);
        worker.ask(1_000, 1_000);
        assertThat(worker.slots).isEqualTo(1_000);
        assertThat(server.say("ZCARD postmesh:slots:large")).isEqualTo(":1");
        worker.ask(1_000, 0);
        assertThat(server.say("EXISTS postmesh:slots:large")).isEqualTo(":0");
        worker.ask(1_000, 3);
        await().atMost(SHORT.plusSeconds(2))
                .until(() -> server.say("EXISTS postmesh:slots:large").equals(":0"));
    }

    private List<Worker> workers(String place, int count, Duration ttl) {
        return IntStream.range(0, count)
                .mapToObj(i -> worker(place, "worker:" + i, ttl))
                .toList();
    }

    private Worker worker(String place, String name, Duration ttl) {
        return new Worker(place, new SlotLeases(redis, name, ttl, new SimpleMeterRegistry()));
    }

    private static final class Worker {
        final String place;
        private final SlotLeases leases;
        int open;
        volatile int slots;
        Duration again = Duration.ZERO;

        Worker(String place, SlotLeases leases) {
            this.place = place;
            this.leases = leases;
        }

        void ask(int limit, int wanted) {
            asked(limit, wanted).join();
        }

        CompletableFuture<Void> asked(int limit, int wanted) {
            return leases.ask(new SlotRequest(place, limit, wanted, open, 2))
                    .thenAccept(lease -> {
                        assertThat(lease).isInstanceOf(SlotLease.Agreed.class);
                        slots = lease.slots();
                        again = lease.again();
                    })
                    .toCompletableFuture();
        }
    }
}
