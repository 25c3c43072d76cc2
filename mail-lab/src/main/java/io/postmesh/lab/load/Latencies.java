package io.postmesh.lab.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/// A histogram of times, exact to 2 %: 64 buckets for every doubling.
public final class Latencies {
    private static final int FINE = 6;
    private static final int SIDE = 1 << FINE;

    private final AtomicLongArray buckets = new AtomicLongArray(SIDE * (64 - FINE));

    public void add(Duration time) {
        buckets.incrementAndGet(bucket(Math.max(0, time.toNanos())));
    }

    public long count() {
        long sum = 0;
        for (int i = 0; i < buckets.length(); i++) sum += buckets.get(i);
        return sum;
    }

    /// The time that this share of all stays at or below; zero when there are none.
    ///
    /// @param share 0.99 for p99, 1 for the longest
    public Duration at(double share) {
        long wanted = Math.max(1, (long) Math.ceil(count() * share));
        for (int i = 0; i < buckets.length(); i++) {
            wanted -= buckets.get(i);
            if (wanted <= 0) return Duration.ofNanos(upperEnd(i));
        }
        return Duration.ZERO;
    }

    /// `p50 1.2 ms, p90 3.0 ms, p99 9.1 ms, max 20.5 ms`
    @Override
    public String toString() {
        return String.format(
                java.util.Locale.ROOT,
                "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms",
                millis(0.5),
                millis(0.9),
                millis(0.99),
                millis(1));
    }

    public double millis(double share) {
        return at(share).toNanos() / 1e6;
    }

    private static int bucket(long nanos) {
        int magnitude = Math.max(0, 63 - Long.numberOfLeadingZeros(nanos | 1) - FINE);
        return (magnitude << FINE) + (int) (nanos >>> magnitude);
    }

    private static long upperEnd(int bucket) {
        int magnitude = Math.max(0, (bucket >> FINE) - 1);
        long inside = bucket - ((long) magnitude << FINE);
        return ((inside + 1) << magnitude) - 1;
    }
}
