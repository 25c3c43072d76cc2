package io.postmesh.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalLimitsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // nanoTime may wrap around
    private final LocalLimits limits = new LocalLimits(now::get);

    @Test
    void whateverTheRhythmNoMoreThanBurstAndRatePasses() {
        var random = new Random(42);
        for (int round = 0; round < 200; round++) {
            var rate = new Rate(
                    1 + random.nextInt(1000), Duration.ofSeconds(1 + random.nextInt(100)), 1 + random.nextInt(20));
            var key = "key" + round;
            long start = now.get();
            long taken = 0;
            for (int i = 0; i < 200; i++) {
                now.addAndGet(random.nextInt(50_000_000));
                int n = 1 + random.nextInt((int) rate.burst());
                if (limits.take(key, rate, n).equals(Decision.ALLOWED)) taken += n;
                double most = rate.burst()
                        + (now.get() - start)
                                * (double) rate.limit()
                                / rate.period().toNanos();
                assertThat((double) taken).isLessThanOrEqualTo(most + 0.001);
            }
        }
    }

    @Test
    void whoWaitsAsToldPasses() {
        var random = new Random(7);
        var rate = Rate.parse("7/m+3");
        for (int i = 0; i < 500; i++) {
            now.addAndGet(random.nextLong(4_000_000_000L));
            if (limits.take("k", rate, 1) instanceof Decision.Limited(var retryAfter)) {
                now.addAndGet(retryAfter.toNanos());
                assertThat(limits.take("k", rate, 1)).isEqualTo(Decision.ALLOWED);
            }
        }
    }

    @Test
    void whoReservesQueuesUpAndTheRateHoldsForTheWaiting() {
        var rate = Rate.parse("1/s+2");
        var day = Duration.ofDays(1);
        for (int i = 0; i < 100; i++) {
            assertThat(limits.reserve("q", rate, 1, day)).isEqualTo(Duration.ofSeconds(Math.max(0, i - 1)));
        }
        assertThat(limits.take("q", rate, 1)).isEqualTo(new Decision.Limited(Duration.ofSeconds(99)));
        assertThat(limits.reserve("q", rate, 1, Duration.ofSeconds(50))).isEqualTo(Duration.ofSeconds(50));
        assertThat(limits.reserve("q", rate, 1, day))
                .as("whom the queue was too long for took nothing")
                .isEqualTo(Duration.ofSeconds(99));
    }

    @Test
    void strangersCannotFillTheMemory() {
        var rate = Rate.parse("1/h");
        for (int i = 0; i < LocalLimits.MOST_KEYS; i++) limits.take("k" + i, rate, 1);
        assertThat(limits.take("one more", rate, 1)).isInstanceOf(Decision.Limited.class);
        now.addAndGet(Duration.ofHours(2).toNanos());
        assertThat(limits.take("one more", rate, 1)).isEqualTo(Decision.ALLOWED);
    }
}
