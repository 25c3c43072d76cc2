package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenLeasesTest {
    @TempDir
    static Path folder;

    private RedisProcess server;
    private RedisState redis;
    private TokenLeases leases;

    @BeforeAll
    void open() throws Exception {
        server = RedisProcess.start(folder);
        redis = RedisState.connect(server.url(), new SimpleMeterRegistry());
        leases = new TokenLeases(redis, new SimpleMeterRegistry());
        await().atMost(Duration.ofSeconds(10)).until(() -> redis.trouble().isEmpty());
    }

    @AfterAll
    void close() throws Exception {
        redis.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"100/s, 1, 25", "100/s, 5, 5", "100/s, 50, 1", "1/h, 1, 1", "100000/s, 2, 500"})
    void aCallTakesAQuarterOfASecondsWorthAllWorkersTogether(String rate, int workers, int tokens) {
        assertThat(TokenLeases.atOnce(Rate.parse(rate), workers)).isEqualTo(tokens);
    }

    @Test
    void noMoreThanIsThereIsGrantedAndTheRestIsWaitedFor() {
        var rate = Rate.parse("3600/h+7"); // one a second
        assertThat(take("rest", rate, 1).granted()).isEqualTo(1);
        var many = Rate.parse("100/s+7");
        assertThat(take("some", many, 5)).isEqualTo(new Tokens(5, Duration.ofMillis(30)));
        var left = take("some", many, 5);
        assertThat(left.granted()).isBetween(2, 3);
        assertThat(left.again()).isBetween(Duration.ofMillis(20), Duration.ofMillis(50));
    }

    @Test
    void whoWaitsAsToldIsGrantedAsMuchAsItAskedFor() {
        var rate = Rate.parse("100/s+5");
        for (int i = 0; i < 20; i++) {
            var tokens = take("told", rate, 5);
            assertThat(tokens.granted()).isEqualTo(5);
            long after = System.nanoTime() + tokens.again().toNanos();
            await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() - after > 0);
        }
    }

    @Test
    void theRateHoldsForWorkersTogetherWithFewCalls() {
        var rate = Rate.parse("400/s+20");
        try (var second = RedisState.connect(server.url(), new SimpleMeterRegistry())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> second.trouble().isEmpty());
            var other = new TokenLeases(second, new SimpleMeterRegistry());
            long since = System.nanoTime();
            long until = since + Duration.ofSeconds(1).toNanos();
            int granted = 0;
            int grants = 0;
            while (System.nanoTime() - until < 0) {
                for (var worker : new TokenLeases[] {leases, other}) {
                    int got = worker.take("together", rate, 500, 2)
                            .toCompletableFuture()
                            .join()
                            .granted();
                    granted += got;
                    if (got > 0) grants++;
                }
            }
            double seconds = (System.nanoTime() - since) / 1e9;
            assertThat((double) granted).isBetween(400 * seconds * 0.9, 20 + 400 * seconds + 1);
            assertThat(grants).isGreaterThan(4);
        }
    }

    // B04: whoever forgets a limit allows its burst once more, nothing else.
    @Test
    void aRedisThatForgetsEverythingAllowsOneQuotaMore() {
        var rate = Rate.parse("10/h+10");
        assertThat(taken("forgot", rate)).isEqualTo(10);
        server.say("FLUSHALL");
        assertThat(taken("forgot", rate)).isEqualTo(10);
        assertThat(taken("forgot", rate)).isZero();
    }

    // B06: random destinations of strangers. 1 M of them, computed from 20,000.
    @Test
    void everyKeyEndsByItselfAndAMillionOfThemFitInto256MiB() throws Exception {
        server.say("FLUSHALL");
        int places = 20_000;
        var slots = new SlotLeases(redis, "delivery-worker-17.example.net", new SimpleMeterRegistry());
        long before = Long.parseLong(server.info("memory", "used_memory"));
        var rate = Rate.parse("1/h");
        for (int from = 0; from < places; from += 1_000) {
            IntStream.range(from, from + 1_000)
                    .mapToObj(i -> leases.take("stranger-" + i + ".example.net", rate, 1, 1)
                            .toCompletableFuture())
                    .toList()
                    .forEach(call -> assertThat(call.join().granted()).isEqualTo(1));
        }
        long bytes = Long.parseLong(server.info("memory", "used_memory")) - before;
        assertThat(slots.ask(new SlotRequest("stranger.example.net", 10, 3, 0, 1))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new SlotLease.Agreed(3, Duration.ZERO));
        var keys = server.info("keyspace", "db0").split("[=,]");
        assertThat(keys[3]).as("keys that expire of %s", keys[1]).isEqualTo(keys[1]);
        System.out.println("octets of a key: " + bytes / places); // dictionaries grow in steps: 20,000 stand for 1 M
        assertThat(bytes / places * 1_000_000).isLessThan(256L << 20);
    }

    private int taken(String place, Rate rate) {
        return IntStream.range(0, 40).map(i -> take(place, rate, 1).granted()).sum();
    }

    private Tokens take(String place, Rate rate, int needed) {
        return leases.take(place, rate, needed, 1).toCompletableFuture().join();
    }
}
