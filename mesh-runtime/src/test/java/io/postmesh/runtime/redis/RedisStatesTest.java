package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever state Redis is in, leases are answered in time, and what is allowed is a worker's own share: never more.
class RedisStatesTest {
    private static final int WORKERS = 4;
    private static final int LIMIT = 20;
    private static final Rate RATE = Rate.parse("60/h+40");
    private static final Duration TTL = Duration.ofMillis(600);
    private static final Duration BOUND = RedisState.BOUND.plusMillis(350); // a busy machine's scheduler included

    @TempDir
    private Path folder;

    private enum Spoilt {
        DOWN,
        HUNG,
        REPLICA,
        OUT_OF_MEMORY,
        MISCONF,
        LOADING
    }

    @ParameterizedTest
    @EnumSource
    void aRedisInABadStateLeavesEachWorkerItsShareInTimeAndIsUsedAgainAfterwards(Spoilt state) throws Exception {
        try (var server = RedisProcess.start(folder);
                var redis = RedisState.connect(server.url(), new SimpleMeterRegistry())) {
            var slots = new SlotLeases(redis, "one", TTL, new SimpleMeterRegistry());
            var tokens = new TokenLeases(redis, new SimpleMeterRegistry());
            await().atMost(Duration.ofSeconds(10)).until(() -> ask(slots) instanceof SlotLease.Agreed);
            spoil(server, state);
            await().atMost(Duration.ofSeconds(10)).until(() -> inTime(() -> ask(slots)) instanceof SlotLease.OwnShare);

            var shares = new ArrayList<Integer>();
            long until = System.nanoTime() + TTL.plusSeconds(2).toNanos(); // two more tries of Redis
            int granted = 0;
            while (System.nanoTime() - until < 0) {
                var share = inTime(() -> ask(slots));
                assertThat(share).isInstanceOf(SlotLease.OwnShare.class);
                shares.add(share.slots());
                granted += inTime(() -> take(tokens)).granted();
            }
            assertThat(shares.getFirst()).as("while leases of others may hold").isEqualTo(1);
            assertThat(shares.getLast()).as("0.8 of the limit over 4 workers").isEqualTo(4);
            assertThat(shares).isSorted();
            assertThat(granted).as("0.8 of the burst over 4 workers").isEqualTo(8);

            mend(server, state);
            await().atMost(Duration.ofSeconds(20)).until(() -> ask(slots) instanceof SlotLease.Agreed);
            assertThat(redis.trouble()).isEmpty();
        }
    }

    @Test
    void aRedisThatForgotItsScriptsIsTaughtThemAgain() throws Exception {
        try (var server = RedisProcess.start(folder);
                var redis = RedisState.connect(server.url(), new SimpleMeterRegistry())) {
            var slots = new SlotLeases(redis, "one", TTL, new SimpleMeterRegistry());
            var tokens = new TokenLeases(redis, new SimpleMeterRegistry());
            await().atMost(Duration.ofSeconds(10)).until(() -> ask(slots) instanceof SlotLease.Agreed);
            take(tokens);
            server.say("SCRIPT FLUSH");
            assertThat(ask(slots)).isInstanceOf(SlotLease.Agreed.class);
            server.say("SCRIPT FLUSH");
            assertThat(take(tokens).granted()).isEqualTo(1);
            assertThat(redis.trouble()).isEmpty();
        }
    }

    // B04: what was held is held again at the next sweep; in between others may take it, up to the limit once more.
    @Test
    void aRedisThatStartsEmptyLearnsTheLeasesAtTheNextSweep() throws Exception {
        try (var server = RedisProcess.start(folder);
                var redis = RedisState.connect(server.url(), new SimpleMeterRegistry())) {
            var slots = new SlotLeases(redis, "one", new SimpleMeterRegistry());
            var others = new SlotLeases(redis, "two", new SimpleMeterRegistry());
            await().atMost(Duration.ofSeconds(10)).until(() -> ask(slots) instanceof SlotLease.Agreed);
            server.kill();
            server.startAgain();
            server.awaitAnswer("+PONG");
            await().atMost(Duration.ofSeconds(20)).until(() -> ask(slots, LIMIT) instanceof SlotLease.Agreed);
            assertThat(ask(others, 0).slots()).isZero();
        }
    }

    // A Redis out of memory refuses a script's first write: nothing may have been taken away by then.
    @Test
    void aLeaseThatCannotBeRenewedForLackOfMemoryStandsToItsEnd() throws Exception {
        try (var server = RedisProcess.start(folder);
                var redis = RedisState.connect(server.url(), new SimpleMeterRegistry())) {
            var slots = new SlotLeases(redis, "one", Duration.ofSeconds(30), new SimpleMeterRegistry());
            await().atMost(Duration.ofSeconds(10)).until(() -> ask(slots) instanceof SlotLease.Agreed);
            server.say("CONFIG SET maxmemory 1");
            assertThat(ask(slots, 5)).isInstanceOf(SlotLease.OwnShare.class);
            assertThat(server.say("ZCARD postmesh:slots:place")).isEqualTo(":1");
        }
    }

    private void spoil(RedisProcess server, Spoilt state) throws Exception {
        switch (state) {
            case DOWN -> server.kill();
            case HUNG -> server.hang();
            case REPLICA -> server.say("REPLICAOF 127.0.0.1 1");
            case OUT_OF_MEMORY -> server.say("CONFIG SET maxmemory 1");
            case MISCONF -> {
                server.say("CONFIG SET save \"3600 1000000\"");
                Files.walk(folder.resolve("data"))
                        .sorted((a, b) -> b.compareTo(a))
                        .forEach(path -> path.toFile().delete());
                server.say("BGSAVE");
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> server.say("SET a b").startsWith("-MISCONF"));
            }
            case LOADING -> {
                server.say("CONFIG SET rdbcompression no");
                server.say("DEBUG POPULATE 20000 key 2048");
                server.say("SAVE");
                server.kill();
                server.startAgain("--key-load-delay", "400"); // microseconds for each of the keys
                server.awaitAnswer("-LOADING");
            }
        }
    }

    private static void mend(RedisProcess server, Spoilt state) throws Exception {
        switch (state) {
            case DOWN -> server.startAgain();
            case HUNG -> server.wake();
            case REPLICA -> server.say("REPLICAOF NO ONE");
            case OUT_OF_MEMORY -> server.say("CONFIG SET maxmemory 0");
            case MISCONF -> server.say("CONFIG SET stop-writes-on-bgsave-error no");
            case LOADING -> {} // it ends by itself
        }
    }

    private static SlotLease ask(SlotLeases slots) {
        return ask(slots, 0);
    }

    private static SlotLease ask(SlotLeases slots, int open) {
        return slots.ask(new SlotRequest("place", LIMIT, LIMIT, open, WORKERS))
                .toCompletableFuture()
                .join();
    }

    private static Tokens take(TokenLeases tokens) {
        return tokens.take("place", RATE, 1, WORKERS).toCompletableFuture().join();
    }

    private static <T> T inTime(Supplier<T> call) {
        long since = System.nanoTime();
        var answer = call.get();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(BOUND);
        return answer;
    }
}
