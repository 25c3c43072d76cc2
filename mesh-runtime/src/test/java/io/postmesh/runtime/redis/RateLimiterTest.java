package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimiterTest {
    private static final Rate SLOW = Rate.parse("60/h+5");

    @TempDir
    static Path folder;

    private EmbeddedRedis server;
    private RedisState redis;
    private RateLimiter limiter;

    @BeforeAll
    void open() throws IOException {
        server = EmbeddedRedis.start(folder);
        redis = connected("mesh", "one");
        limiter = new RateLimiter(redis, LimitScope.CLIENT);
    }

    @AfterAll
    void close() throws IOException {
        redis.close();
        server.close();
    }

    @Test
    void theBurstPassesAndTheNextIsToldHowLongToWait() {
        assertThat(allowed("burst", 20)).isEqualTo(5);
        assertThat(take("burst", SLOW, 1))
                .isInstanceOfSatisfying(
                        Decision.Limited.class,
                        limited -> assertThat(limited.retryAfter())
                                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
    }

    @Test
    void afterTheWaitTheNextPasses() {
        var rate = Rate.parse("10/s+1");
        assertThat(take("wait", rate, 1)).isEqualTo(Decision.ALLOWED);
        var limited = (Decision.Limited) take("wait", rate, 1);
        assertThat(limited.retryAfter()).isLessThanOrEqualTo(Duration.ofMillis(100));
        await().atMost(Duration.ofSeconds(2)).until(() -> take("wait", rate, 1).equals(Decision.ALLOWED));
    }

    @Test
    void aRateHoldsOverTime() {
        var rate = Rate.parse("200/s+10");
        long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
        int passed = 0;
        while (System.nanoTime() < until) {
            if (take("rate", rate, 1).equals(Decision.ALLOWED)) passed++;
        }
        assertThat(passed).isBetween(60, 112);
    }

    @Test
    void whoReservesQueuesUpAndTheRateHoldsForTheWaiting() {
        var most = Duration.ofMinutes(10);
        for (int i = 0; i < 5; i++) assertThat(reserve("queue", most)).isZero();
        for (int i = 1; i <= 5; i++) {
            assertThat(reserve("queue", most)).isBetween(Duration.ofMinutes(i).minusSeconds(10), Duration.ofMinutes(i));
        }
        assertThat(reserve("queue", Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(reserve("queue", most))
                .as("whom the queue was too long for took nothing")
                .isBetween(Duration.ofMinutes(6).minusSeconds(10), Duration.ofMinutes(6));
        assertThat(take("queue", SLOW, 1)).isInstanceOf(Decision.Limited.class);
    }

    @Test
    void workersShareOneLimit() {
        try (var other = connected("mesh", "two")) {
            var second = new RateLimiter(other, LimitScope.CLIENT);
            int passed = 0;
            for (int i = 0; i < 10; i++) {
                if (take("shared", SLOW, 1).equals(Decision.ALLOWED)) passed++;
                if (second.take("shared", SLOW, 1).toCompletableFuture().join().equals(Decision.ALLOWED)) passed++;
            }
            assertThat(passed).isEqualTo(5);
        }
    }

    @Test
    void moreThanTheBurstPassesFromAFullBucketAndIsPaidOff() {
        assertThat(take("bite", SLOW, 8)).isEqualTo(Decision.ALLOWED);
        assertThat(take("bite", SLOW, 1))
                .isInstanceOfSatisfying(
                        Decision.Limited.class,
                        limited -> assertThat(limited.retryAfter())
                                .isBetween(Duration.ofSeconds(230), Duration.ofSeconds(240)));
    }

    @Test
    void aRedisThatForgotTheScriptIsTaughtItAgain() throws Exception {
        take("forgot", SLOW, 1);
        cli("SCRIPT", "FLUSH");
        assertThat(take("forgot", SLOW, 1)).isEqualTo(Decision.ALLOWED);
        assertThat(redis.trouble()).isEmpty();
    }

    @Test
    void limitsLeaveNothingBehindWhenTheyArePaidOff() {
        take("expire", Rate.parse("100/s+1"), 1);
        await().atMost(Duration.ofSeconds(2))
                .until(() -> cli("EXISTS", "postmesh:limit:expire").contains("0"));
    }

    @Test
    void withoutRedisAWorkerKeepsToItsShare() {
        try (var away = RedisState.connect("redis://127.0.0.1:9", new SimpleMeterRegistry())) {
            var alone = new RateLimiter(away, LimitScope.CLIENT);
            long since = System.nanoTime();
            long passed = IntStream.range(0, 50)
                    .filter(i -> alone.take("away", Rate.parse("60/h+10"), 1)
                            .toCompletableFuture()
                            .join()
                            .equals(Decision.ALLOWED))
                    .count();
            assertThat(passed).isEqualTo(8);
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(500));
            assertThat(away.trouble()).isPresent();
        }
    }

    @Test
    void aLimitAgainstGuessingIsClosedAfterAWhileWithoutRedis() {
        try (var away = RedisState.connect("redis://127.0.0.1:9", new SimpleMeterRegistry())) {
            var alone = new RateLimiter(away, LimitScope.CLIENT, System::nanoTime, Duration.ofSeconds(1));
            var rate = Rate.parse("100/s+100");
            assertThat(guess(alone, rate)).isEqualTo(Decision.ALLOWED);
            await().atMost(Duration.ofSeconds(5)).until(() -> away.awayFor().compareTo(Duration.ofSeconds(1)) >= 0);
            assertThat(guess(alone, rate)).isInstanceOf(Decision.Limited.class);
            assertThat(alone.take("other", rate, 1).toCompletableFuture().join())
                    .as("any other limit")
                    .isEqualTo(Decision.ALLOWED);
        }
        assertThat(guess(limiter, SLOW)).isEqualTo(Decision.ALLOWED);
    }

    private static Decision guess(RateLimiter limiter, Rate rate) {
        return limiter.takeGuess("guess", rate, 1).toCompletableFuture().join();
    }

    @Test
    void theShareIsSmallerTheMoreWorkersThereWere() throws Exception {
        try (var own = EmbeddedRedis.start(folder.resolve("own"));
                var one = connected(own, "room", "one");
                var two = connected(own, "room", "two")) {
            await().atMost(Duration.ofSeconds(8)).until(() -> one.workers() == 2 && two.workers() == 2);
            own.close();
            var alone = new RateLimiter(two, LimitScope.CLIENT);
            long passed = IntStream.range(0, 50)
                    .filter(i -> alone.take("share", Rate.parse("60/h+10"), 1)
                            .toCompletableFuture()
                            .join()
                            .equals(Decision.ALLOWED))
                    .count();
            assertThat(passed).isEqualTo(4);
        }
    }

    @Test
    void aRedisThatHangsCostsOneBoundedWaitAndIsUsedAgainWhenItWakes() throws Exception {
        try (var own = EmbeddedRedis.start(folder.resolve("hung"));
                var state = connected(own, "room", "one")) {
            var alone = new RateLimiter(state, LimitScope.CLIENT);
            signal("-STOP", own.pid());
            try {
                long since = System.nanoTime();
                for (int i = 0; i < 100; i++) {
                    alone.take("hung", SLOW, 1).toCompletableFuture().get(1, TimeUnit.SECONDS);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(1));
                assertThat(state.trouble()).isPresent();
            } finally {
                signal("-CONT", own.pid());
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                alone.take("hung", SLOW, 1);
                return state.trouble().isEmpty();
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            is a replica now          | REPLICAOF 127.0.0.1 1                             | REPLICAOF NO ONE
            has no memory left        | CONFIG SET maxmemory 1                            | CONFIG SET maxmemory 64mb
            asks for a password       | CONFIG SET requirepass x;CLIENT KILL TYPE normal  | AUTH x;CONFIG SET requirepass ""
            """)
    void aRedisInABadStateIsAsGoodAsAway(String state, String spoil, String mend) throws Exception {
        try (var own = EmbeddedRedis.start(folder.resolve("bad"));
                var redis = connected(own, "room", "one")) {
            var alone = new RateLimiter(redis, LimitScope.CLIENT);
            say(own, spoil);
            await().atMost(Duration.ofSeconds(8)).until(() -> {
                alone.take("other", SLOW, 1);
                return redis.trouble().isPresent();
            });
            long since = System.nanoTime();
            assertThat(passed(alone, 50)).as(state).isEqualTo(8);
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(500));
            say(own, mend);
            await().atMost(Duration.ofSeconds(15)).until(() -> {
                alone.take("other", SLOW, 1);
                return redis.trouble().isEmpty();
            });
        }
    }

    /// A firewall that forgot the connection: nothing comes back, no reset either.
    @Test
    void aConnectionThatDiedInSilenceIsReplaced() throws Exception {
        try (var relay = new SilentRelay(server.url());
                var redis = RedisState.connect(relay.url(), new SimpleMeterRegistry())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> redis.trouble().isEmpty());
            relay.silenceAllOpenConnections();
            await().atMost(Duration.ofSeconds(10)).until(() -> redis.trouble().isPresent());
            await().atMost(Duration.ofSeconds(20)).until(() -> redis.trouble().isEmpty());
        }
    }

    private static long passed(RateLimiter limiter, int tries) {
        return IntStream.range(0, tries)
                .filter(i -> limiter.take("share", Rate.parse("60/h+10"), 1)
                        .toCompletableFuture()
                        .join()
                        .equals(Decision.ALLOWED))
                .count();
    }

    private int allowed(String key, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            if (take(key, SLOW, 1).equals(Decision.ALLOWED)) passed++;
        }
        return passed;
    }

    private Duration reserve(String key, Duration most) {
        return limiter.reserve(key, SLOW, 1, most).toCompletableFuture().join();
    }

    private Decision take(String key, Rate rate, int n) {
        return limiter.take(key, rate, n).toCompletableFuture().join();
    }

    private RedisState connected(String room, String worker) {
        return connected(server, room, worker);
    }

    private static RedisState connected(EmbeddedRedis server, String room, String worker) {
        var state = RedisState.connect(server.url(), room, worker, new SimpleMeterRegistry());
        await().atMost(Duration.ofSeconds(10)).until(() -> state.trouble().isEmpty());
        return state;
    }

    private static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /// Says one command in Redis' own inline protocol and returns the first line of the answer.
    private String cli(String... words) throws IOException {
        return say(server, String.join(" ", words));
    }

    private static String say(EmbeddedRedis to, String commands) throws IOException {
        var address = java.net.URI.create(to.url());
        try (var socket = new java.net.Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write((commands.replace(";", "\r\n") + "\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return new java.io.BufferedReader(new java.io.InputStreamReader(
                            socket.getInputStream(), java.nio.charset.StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
