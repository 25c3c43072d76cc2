package io.postmesh.runtime.ops;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log what `/readyz` says to who asks: a line when a trouble begins and one when it is over.
public final class HealthWatch {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    private static final Duration EVERY = Duration.ofSeconds(2);

    /// So long a trouble has been gone when it is over: one that comes and goes is one.
    static final Duration CALM = Duration.ofSeconds(10);

    private record Trouble(long began, long seen) {
        long seconds() {
            return Duration.ofNanos(seen - began).plusMillis(999).toSeconds();
        }
    }

    private final Health health;
    private final SortedMap<String, Trouble> troubles = new TreeMap<>();

    HealthWatch(Health health) {
        this.health = health;
    }

    /// Looks from now on; a process that starts is expected not to be ready.
    public static AutoCloseable open(Vertx vertx, Health health) {
        var watch = new HealthWatch(health);
        long timer = vertx.setPeriodic(EVERY.toMillis(), _ -> watch.look(System.nanoTime()));
        return () -> vertx.cancelTimer(timer);
    }

    void look(long now) {
        health.ready().troubles().forEach((name, what) -> seen(name, what, now));
        if (health.live().ok()) forgetThoseOver(now); // else nothing was told of readiness
    }

    private void seen(String name, String what, long now) {
        var known = troubles.get(name);
        if (known == null) log.warn("not ready: {}: {}", name, what);
        troubles.put(name, new Trouble(known == null ? now : known.began(), now));
    }

    private void forgetThoseOver(long now) {
        troubles.entrySet().removeIf(one -> {
            boolean over = now - one.getValue().seen() >= CALM.toNanos();
            if (over)
                log.info(
                        "ready again: {}, after {} s",
                        one.getKey(),
                        one.getValue().seconds());
            return over;
        });
    }
}
