package io.postmesh.runtime.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.runtime.redis.LimitMeters.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// Rates that hold over all workers without a call for each mail: tokens are leased a few at a time and spent locally.
public final class TokenLeases {
    /// Unused tokens lapse; nothing is given back.
    public static final Duration LAPSE = Duration.ofSeconds(1);

    private static final Duration STRETCH = Duration.ofMillis(250); // one call's worth, all workers together
    private static final int MOST = 500;
    private static final int JITTER_MILLIS = 20;

    private final RedisState redis;
    private final LocalLimits local;
    private final Counters<Result> answers;

    public TokenLeases(RedisState redis, MeterRegistry meters) {
        this(redis, meters, System::nanoTime);
    }

    TokenLeases(RedisState redis, MeterRegistry meters, LongSupplier nanos) {
        this.redis = redis;
        this.local = new LocalLimits(nanos);
        this.answers = LimitMeters.of(meters, LimitScope.DESTINATION_RATE);
    }

    /// Answers within 250 ms, never fails; may complete on a Redis thread.
    ///
    /// @param needed  no more than these are granted; 1 or more
    /// @param workers how many live workers share the rate, as far as is known
    public CompletionStage<Tokens> take(String place, Rate rate, int needed, int workers) {
        if (needed < 1 || workers < 1) throw new IllegalArgumentException("take 1 or more");
        return redis.run(
                        Script.TOKENS,
                        "postmesh:rate:" + place,
                        Long.toString(rate.limit()),
                        Long.toString(rate.period().toMillis() * 1000),
                        Long.toString(rate.burst()),
                        Integer.toString(Math.min(needed, atOnce(rate, workers))))
                .thenApply(answer -> agreed(answer, workers))
                .exceptionally(problem -> alone(place, rate, workers));
    }

    /// So many in one call that all workers, asking four times a second each, use up what the rate allows.
    static int atOnce(Rate rate, int workers) {
        return (int) Math.clamp(rate.within(STRETCH) / workers, 1, MOST);
    }

    private Tokens agreed(List<Long> answer, int workers) {
        int granted = answer.getFirst().intValue();
        answers.count(granted > 0 ? Result.ALLOWED : Result.LIMITED);
        var again = Duration.ofNanos(answer.getLast() * 1000);
        return new Tokens(granted, granted > 0 || workers == 1 ? again : again.plusMillis(jitter()));
    }

    // All who were refused were told the same moment: without it the nearest to Redis would always be the first.
    private static int jitter() {
        return ThreadLocalRandom.current().nextInt(JITTER_MILLIS);
    }

    private Tokens alone(String place, Rate rate, int workers) {
        answers.count(Result.OWN_SHARE);
        return switch (local.take(place, rate.share(workers), 1)) {
            case Decision.Allowed() -> new Tokens(1, Duration.ZERO);
            case Decision.Limited(var wait) -> new Tokens(0, wait);
        };
    }
}
