package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.LimitProbe;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.RedisHand;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Signs;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// B01, B02, B04: Redis dies, hangs or forgets. Mail goes on as before, and limits hold: a client of another network
/// asks for more than its share meanwhile.
public record RedisTrouble(String id, Harm harm) implements Row {
    private static final int LIMIT = 500; // a second, of each client network
    private static final double SLACK = 1.1;
    private static final double KEPT_BACK = 0.8; // of a limit, by those who cannot agree
    private static final Duration EACH = Duration.ofSeconds(20);
    private static final Duration PROBE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration TWO_CALLS = Duration.ofMillis(500);
    private static final double WORTH = 0.9;
    private static final int LEAST = 50; // letters, to compare times

    /// What is done to Redis.
    public enum Harm {
        KILLED("kill -9 of Redis, 60 s"),
        HANGING("Redis hangs, 60 s"),
        FORGETTING("FLUSHALL, and an empty restart");

        private final String words;

        Harm(String words) {
            this.words = words;
        }
    }

    @Override
    public String what() {
        return harm.words;
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().set("POSTMESH_CLIENT_RATE", LIMIT + "/s+" + LIMIT);
    }

    /// Each stands for 20 s of it.
    @Override
    public int faults() {
        return 3;
    }

    @Override
    public Duration pace() {
        return EACH.multipliedBy(2);
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.awaitShare(0.3);
        var from = Instant.now();
        scene.fault(id + " " + harm.words, () -> {
            switch (harm) {
                case KILLED -> killed(scene);
                case HANGING -> hanging(scene);
                case FORGETTING -> forgetting(scene);
            }
        });
        compare(scene, from, Instant.now());
        int blocked = Signs.lines(scene.cluster().copies(ServiceName.INGRESS), Signs.BLOCKED);
        scene.book().check("an event loop was blocked for 2 s, " + blocked + " times", blocked == 0);
    }

    private static void killed(Scene scene) throws Exception {
        var redis = scene.cluster().member("redis");
        redis.kill();
        away(scene);
        scene.startAgain(redis, SOON);
    }

    private static void hanging(Scene scene) throws Exception {
        var redis = scene.cluster().member("redis");
        redis.suspend();
        try {
            away(scene);
        } finally {
            redis.resume();
        }
    }

    private static void away(Scene scene) throws IOException {
        held(scene, "without Redis", KEPT_BACK, 1);
        scene.lasting(EACH.multipliedBy(scene.faults()).minus(PROBE));
    }

    private static void forgetting(Scene scene) throws Exception {
        for (int time = 1; time <= scene.faults(); time++) {
            var wipe = Thread.ofPlatform().daemon().start(() -> wipeWithin(scene));
            held(scene, "of a Redis that forgets", 1, 2);
            wipe.join();
        }
        var redis = scene.cluster().member("redis");
        redis.kill();
        scene.startAgain(redis, SOON);
        held(scene, "of an empty Redis", 1, 1);
    }

    private static void wipeWithin(Scene scene) {
        scene.lasting(PROBE.dividedBy(2));
        try (var hand = RedisHand.on(scene.cluster().redisUrl())) {
            hand.say("FLUSHALL");
        } catch (IOException e) {
            scene.book().check("FLUSHALL: " + e, false);
        }
    }

    /// @param bursts the client may have in that time
    private static void held(Scene scene, String when, double share, int bursts) throws IOException {
        var another = InetAddress.getByName("127.0.9.1"); // a network of its own: limits go by /24
        var begun = Instant.now();
        var count = LimitProbe.ask(scene.cluster().doors(), another, PROBE);
        double seconds = Duration.between(begun, Instant.now()).toMillis() / 1e3;
        double most = SLACK * share * LIMIT * (seconds + bursts);
        var told = count.allowed() + " of " + (count.allowed() + count.refused()) + " MAIL FROM allowed " + when
                + ", at most " + Math.round(most);
        scene.book().note(told);
        scene.book().check(told, count.allowed() <= most);
    }

    private static void compare(Scene scene, Instant from, Instant until) {
        var middle = scene.begun().plus(Duration.between(scene.begun(), from).dividedBy(3)); // the JVMs are cold before
        var usual = scene.delays(middle, from);
        var during = scene.delays(from, until);
        if (usual.size() < LEAST || during.size() < LEAST) {
            scene.book().note("too few letters to compare times");
            return;
        }
        var allowed = longer(p99(usual).multipliedBy(2), TWO_CALLS);
        scene.book().measured("p99 of a 250 meanwhile", p99(during), allowed);
        scene.book().measured("p99 of a 250 before", p99(usual), Scene.NO_LIMIT);
        double before = scene.takenBetween(middle, from) / seconds(middle, from);
        double meanwhile = scene.takenBetween(from, until) / seconds(from, until);
        var rates = String.format(java.util.Locale.ROOT, "%.1f/s taken before, %.1f/s meanwhile", before, meanwhile);
        scene.book().note(rates);
        scene.book().pace(rates, meanwhile >= WORTH * before || scene.loadIsOver());
    }

    private static Duration p99(List<Duration> sorted) {
        return sorted.get((int) (sorted.size() * 0.99));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static double seconds(Instant from, Instant until) {
        return Duration.between(from, until).toMillis() / 1e3;
    }
}
