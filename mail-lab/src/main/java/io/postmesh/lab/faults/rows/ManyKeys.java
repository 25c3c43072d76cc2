package io.postmesh.lab.faults.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.RedisHand;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// B06: a million senders nobody has seen before, each with a limit of its own. The script that keeps limits is the
/// shipped one, called here as the mesh calls it; a million real clients would need a million networks. The Redis of a
/// single machine would keep to 64 MiB and forget who is nearest to the end of his debt; here it may keep them all, so
/// that what a million need is known.
public record ManyKeys() implements Row {
    private static final int KEYS = 1_000_000;
    private static final int BATCH = 2_000;
    private static final long MOST_OCTETS = 256L * 1024 * 1024;
    private static final String GCRA = "io/postmesh/runtime/redis/gcra.lua";
    private static final String COUNT = """
            local scanned = redis.call('SCAN', ARGV[1], 'MATCH', 'postmesh:*', 'COUNT', 5000)
            local forever = 0
            for _, key in ipairs(scanned[2]) do
              if redis.call('PTTL', key) == -1 then forever = forever + 1 end
            end
            return {scanned[1], #scanned[2], forever}
            """;

    @Override
    public String id() {
        return "B06";
    }

    @Override
    public String what() {
        return "a million keys in Redis";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().set("POSTMESH_CLIENT_RATE", "1000/h+1000000");
    }

    @Override
    public int faults() {
        return 1;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(60);
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.awaitShare(0.1);
        try (var redis = RedisHand.on(scene.cluster().redisUrl())) {
            redis.say("CONFIG", "SET", "maxmemory", "0");
            scene.fault("a million keys", () -> fill(redis));
            var counted = count(redis);
            scene.book().check(counted.keys + " keys, not a million", counted.keys >= KEYS);
            scene.book().check(counted.forever + " keys never go", counted.forever == 0);
            long octets = memory(redis);
            var told = String.format(Locale.ROOT, "%d keys in %.0f MiB", counted.keys, octets / 1024.0 / 1024);
            scene.book().note(told);
            scene.book().check(told, octets <= MOST_OCTETS);
        }
    }

    private static void fill(RedisHand redis) throws IOException {
        var script = redis.say("SCRIPT", "LOAD", script()).getFirst();
        for (int from = 0; from < KEYS; from += BATCH) {
            var batch = new ArrayList<List<String>>(BATCH);
            for (int i = from; i < from + BATCH; i++) batch.add(take(script, i));
            redis.pour(batch);
        }
    }

    // One an hour: its key goes after an hour, so that all are there at once.
    private static List<String> take(String script, int client) {
        return List.of(
                "EVALSHA", script, "1", "postmesh:limit:client:stranger-" + client, "1", "3600000000", "1", "1", "0");
    }

    private static String script() throws IOException {
        try (var in = ClassLoader.getSystemResourceAsStream(GCRA)) {
            if (in == null) throw new IOException(GCRA + " is not on the class path");
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private record Counted(int keys, int forever) {}

    private static Counted count(RedisHand redis) throws IOException {
        int keys = 0;
        int forever = 0;
        var cursor = "0";
        do {
            var answer = redis.say("EVAL", COUNT, "0", cursor);
            cursor = answer.get(0);
            keys += Integer.parseInt(answer.get(1));
            forever += Integer.parseInt(answer.get(2));
        } while (!cursor.equals("0"));
        return new Counted(keys, forever);
    }

    private static long memory(RedisHand redis) throws IOException {
        return redis.say("INFO", "memory")
                .getFirst()
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("Redis does not say how much memory it uses"));
    }
}
