package io.postmesh.runtime.redis;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The twin of `gcra.lua` in this process.
final class LocalLimits {
    /// Keys may come from strangers (client networks): there is an end to how many are remembered.
    static final int MOST_KEYS = 100_000;

    private static final Duration FULL = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private final ConcurrentHashMap<String, Long> paidAt = new ConcurrentHashMap<>();

    LocalLimits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    Decision take(String key, Rate rate, int n) {
        long wait = queue(key, rate, n, 0);
        return wait > 0 ? new Decision.Limited(Duration.ofNanos(wait)) : Decision.ALLOWED;
    }

    Duration reserve(String key, Rate rate, int n, Duration most) {
        return Duration.ofNanos(Math.clamp(queue(key, rate, n, most.toNanos()), 0, most.toNanos()));
    }

    /// Until its turn, in nanoseconds; taken only when that is no longer than `most`.
    private long queue(String key, Rate rate, int n, long most) {
        long now = nanos.getAsLong();
        if (paidAt.size() >= MOST_KEYS) forgetPaid(now);
        if (paidAt.size() >= MOST_KEYS && !paidAt.containsKey(key)) return FULL.toNanos();
        double interval = (double) rate.period().toNanos() / rate.limit();
        long burst = Math.max(rate.burst(), n);
        long[] wait = {0};
        paidAt.compute(key, (k, before) -> {
            long from = before == null || before - now < 0 ? now : before;
            long paid = from + (long) (n * interval);
            wait[0] = paid - (long) (burst * interval) - now;
            return wait[0] > most ? before : paid;
        });
        return wait[0];
    }

    private void forgetPaid(long now) {
        paidAt.values().removeIf(paid -> paid - now < 0);
    }
}
