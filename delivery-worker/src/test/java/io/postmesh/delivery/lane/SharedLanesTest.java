package io.postmesh.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Reason;
import io.postmesh.embedded.EmbeddedRedis;
import io.postmesh.runtime.redis.RedisState;
import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotLeases;
import io.postmesh.runtime.redis.SlotRequest;
import io.postmesh.runtime.redis.TokenLeases;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Several workers' lanes, and one Redis between them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLanesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private EmbeddedRedis server;

    @BeforeAll
    void open() throws Exception {
        server = EmbeddedRedis.start(folder);
    }

    @AfterAll
    void close() throws Exception {
        server.close();
    }

    @Test
    void workersTogetherTalkToADestinationNoMoreThanItsLimitAllowsAndEachHasItsPart() {
        var remote = new Remote();
        try (var one = worker("one", 4, 3, DestinationRates.NONE);
                var two = worker("two", 4, 3, DestinationRates.NONE);
                var three = worker("three", 4, 3, DestinationRates.NONE)) {
            for (int i = 0; i < 300; i++) {
                for (var worker : new Worker[] {one, two, three}) worker.enqueue(remote, "together.test", true);
            }
            await().atMost(LONG).until(() -> remote.served.get() == 900);
            assertThat(remote.most.get()).isBetween(2, 4);
        }
    }

    @Test
    void aWorkerThatComesLaterGetsItsPartOfABusyDestination() {
        var remote = new Remote();
        try (var one = worker("early", 6, 2, DestinationRates.NONE);
                var two = worker("late", 6, 2, DestinationRates.NONE)) {
            for (int i = 0; i < 20_000; i++) one.enqueue(remote, "busy.test", true);
            await().atMost(LONG).until(() -> remote.most.get() == 6);
            var his = new Remote();
            for (int i = 0; i < 10; i++) two.enqueue(his, "busy.test", true);
            await().atMost(Duration.ofSeconds(15)).until(() -> his.served.get() == 10);
            assertThat(remote.left()).as("the other was still busy").isPositive();
            assertThat(one.letGo).as("connections that rested").contains("busy.test");
        }
    }

    @Test
    void aDestinationOfOneWorkerAloneCostsNoCall() {
        var remote = new Remote();
        try (var one = worker("alone", 4, 3, DestinationRates.parse("limited.test=1/s"))) {
            for (int i = 0; i < 50; i++) one.enqueue(remote, "alone.test", false);
            await().atMost(LONG).until(() -> remote.served.get() == 50);
            assertThat(remote.most.get()).isLessThanOrEqualTo(4);
            assertThat(one.calls()).isZero();
        }
    }

    @Test
    void aBusyDestinationCostsFewCalls() {
        var remote = new Remote();
        try (var one = worker("few", 10, 1, DestinationRates.NONE)) {
            for (int i = 0; i < 2_000; i++) one.enqueue(remote, "few.test", true);
            await().atMost(LONG).until(() -> remote.served.get() == 2_000);
            assertThat(one.calls()).isLessThan(30);
        }
    }

    @Test
    void aRateHoldsForAllWorkersTogether() {
        var remote = new Remote();
        var rates = DestinationRates.parse("limited.test=200/s+20");
        try (var one = worker("a", 10, 2, rates);
                var two = worker("b", 10, 2, rates)) {
            long since = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                for (var worker : new Worker[] {one, two}) worker.enqueue(remote, "limited.test", true);
            }
            await().atMost(LONG).until(() -> remote.served.get() == 400);
            double seconds = (System.nanoTime() - since) / 1e9;
            assertThat(seconds).isGreaterThan((400 - 20) / 200.0);
            System.out.printf("400 mails at 200/s+20: %.2f s, %.0f calls%n", seconds, one.calls() + two.calls());
        }
    }

    @Test
    void mailThatItsRateWouldKeepWaitingForLongWaitsElsewhereUntilItsTurn() {
        var remote = new Remote();
        try (var one = worker("parks", 10, 1, DestinationRates.parse("slow.test=1/h"))) {
            one.enqueue(remote, "slow.test", false);
            await().atMost(LONG).until(() -> remote.served.get() == 1);
            one.enqueue(remote, "slow.test", false);
            assertThat(remote.refused).containsExactly(Reason.LIMIT);
            assertThat(one.book.restsUntil("slow.test")).isAfter(Instant.now().plusSeconds(3_000));
        }
    }

    // B05: whatever the dead held is free when its lease has ended.
    @Test
    void whatADeadWorkerHeldIsTakenOverWithinItsLeasesTimeAndFiveSeconds() {
        var remote = new Remote();
        var meters = new SimpleMeterRegistry();
        try (var redis = RedisState.connect(server.url(), meters);
                var one = worker("heir", 5, 2, DestinationRates.NONE)) {
            await().atMost(LONG).until(() -> redis.trouble().isEmpty());
            var dead = new SlotLeases(redis, "dead", meters);
            var all = new SlotRequest("orphaned.test", 5, 5, 5, 2);
            assertThat(dead.ask(all).toCompletableFuture().join()).isEqualTo(new SlotLease.Agreed(5, Duration.ZERO));
            for (int i = 0; i < 20; i++) one.enqueue(remote, "orphaned.test", true);
            await().atMost(SlotLeases.TTL.plusSeconds(5)).until(() -> remote.served.get() == 20);
        }
    }

    @Test
    void withoutRedisEachWorkerKeepsToItsShareAndMailGoesOn() {
        var remote = new Remote();
        try (var one = worker("redis://127.0.0.1:9", "lonely", 10, 2, DestinationRates.NONE)) {
            for (int i = 0; i < 400; i++) one.enqueue(remote, "any.test", true);
            await().atMost(LONG).until(() -> remote.served.get() == 400);
            assertThat(remote.most.get()).as("0.8 of 10, shared by two").isLessThanOrEqualTo(4);
        }
    }

    /// Takes 5 ms for a mail, and counts.
    private static final class Remote {
        final AtomicInteger talking = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger served = new AtomicInteger();
        final Queue<Reason> refused = new ConcurrentLinkedQueue<>();

        void talk() {
            most.accumulateAndGet(talking.incrementAndGet(), Math::max);
            try {
                var _ = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            talking.decrementAndGet();
            served.incrementAndGet();
        }

        int left() {
            return asked.get() - served.get();
        }
    }

    private Worker worker(String name, int limit, int workers, DestinationRates rates) {
        var worker = worker(server.url(), name, limit, workers, rates);
        await().atMost(LONG).until(() -> worker.redis.trouble().isEmpty());
        return worker;
    }

    private static Worker worker(String url, String name, int limit, int workers, DestinationRates rates) {
        return new Worker(url, name, limit, workers, rates);
    }

    private static final class Worker implements AutoCloseable {
        final RedisState redis;
        final LaneBook book;
        final Queue<String> letGo = new ConcurrentLinkedQueue<>();
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();

        Worker(String url, String name, int limit, int workers, DestinationRates rates) {
            redis = RedisState.connect(url, meters);
            var shared = new RedisLimits(
                    rates,
                    new SlotLeases(redis, name, meters),
                    new TokenLeases(redis, meters),
                    (destination, relayed) -> letGo.add(destination));
            var limits = new LaneBook.Limits(limit, 50, LONG, 1 << 20, Duration.ofSeconds(1), Optional.of(shared));
            book = new LaneBook(limits, Clock.systemUTC(), () -> true);
            book.among(workers);
            ticks.scheduleWithFixedDelay(book::tick, 100, 100, TimeUnit.MILLISECONDS);
        }

        void enqueue(Remote remote, String destination, boolean spread) {
            remote.asked.incrementAndGet();
            book.enqueue(new Visit(remote, destination, spread));
        }

        double calls() {
            double calls = 0;
            for (var counter : meters.find("postmesh_ratelimit_decisions_total").counters()) calls += counter.count();
            return calls;
        }

        @Override
        public void close() {
            ticks.shutdownNow();
            book.close();
            redis.close();
        }
    }

    private record Visit(Remote remote, String destination, boolean isSpread) implements Errand {
        @Override
        public boolean isRelayed() {
            return false;
        }

        @Override
        public int octets() {
            return 1;
        }

        @Override
        public Object client() {
            return remote;
        }

        @Override
        public void run(Turn turn) {
            remote.talk();
            turn.over(Sign.WELL);
        }

        @Override
        public Suspicion suspicion() {
            return Suspicion.NONE;
        }

        @Override
        public void acquitted() {}

        @Override
        public void turnedAway(Reason reason, Instant notBefore) {
            remote.refused.add(reason);
        }
    }
}
