package io.postmesh.runtime.redis;

import io.postmesh.runtime.ops.Counters;
import io.postmesh.runtime.redis.LimitMeters.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/// Limits shared by all workers (GCRA), or this worker's share of them while Redis is away: Redis holds opinions, and
/// without them mail goes out a little slower, never unlimited.
public final class RateLimiter {
    /// A limit against guessing is kept locally so long without Redis; then nothing passes it.
    private static final Duration OPEN = Duration.ofSeconds(60);

    private final RedisState redis;
    private final LocalLimits local;
    private final Duration open;
    private final Counters<Result> answers;

    /// @param redis where the workers agree
    public RateLimiter(RedisState redis, LimitScope scope) {
        this(redis, scope, System::nanoTime, OPEN);
    }

    RateLimiter(RedisState redis, LimitScope scope, LongSupplier nanos, Duration open) {
        this.redis = redis;
        this.answers = LimitMeters.of(redis.meters(), scope);
        this.local = new LocalLimits(nanos);
        this.open = open;
    }

    /// Takes `n` of what `rate` allows under `key`. Answers within 250 ms, never fails; may complete on a Redis thread.
    /// More than the burst is let through when nothing was taken before, and paid off afterwards.
    ///
    /// @param n 1 or more
    public CompletionStage<Decision> take(String key, Rate rate, int n) {
        return ask(key, rate, n, Duration.ZERO)
                .thenApply(this::decision)
                .exceptionally(problem -> own(local.take(key, rate.share(redis.workers()), n)));
    }

    /// As [#take], for a limit that keeps strangers from guessing: it fails closed. A minute without Redis is the
    /// last in which any pass, and those are this worker's share; whoever brings Redis down wins no tries.
    public CompletionStage<Decision> takeGuess(String key, Rate rate, int n) {
        return ask(key, rate, n, Duration.ZERO)
                .thenApply(this::decision)
                .exceptionally(problem -> own(
                        redis.awayFor().compareTo(open) < 0
                                ? local.take(key, rate.share(redis.workers()), n)
                                : new Decision.Limited(open)));
    }

    /// Takes `n` for later: answers how long to wait until their turn comes, zero when it is now. Whoever asks next
    /// queues up behind, so a rate holds for those that wait, too. Bounded in time as [#take].
    ///
    /// @param most the end of the queue; whoever would have to wait longer waits this long, and takes nothing
    public CompletionStage<Duration> reserve(String key, Rate rate, int n, Duration most) {
        return ask(key, rate, n, most)
                .thenApply(answer -> told(answer.getFirst() == 1 ? micros(answer.getLast()) : most))
                .exceptionally(problem -> own(local.reserve(key, rate.share(redis.workers()), n, most)));
    }

    private CompletableFuture<List<Long>> ask(String key, Rate rate, int n, Duration most) {
        if (n < 1) throw new IllegalArgumentException("take 1 or more");
        return redis.run(
                Script.GCRA,
                "postmesh:limit:" + key,
                Long.toString(rate.limit()),
                Long.toString(rate.period().toMillis() * 1000),
                Long.toString(rate.burst()),
                Integer.toString(n),
                Long.toString(most.toMillis() * 1000));
    }

    private Decision decision(List<Long> answer) {
        boolean allowed = answer.getFirst() == 1;
        answers.count(allowed ? Result.ALLOWED : Result.LIMITED);
        return allowed ? Decision.ALLOWED : new Decision.Limited(micros(answer.getLast()));
    }

    private Duration told(Duration wait) {
        answers.count(wait.isZero() ? Result.ALLOWED : Result.LIMITED);
        return wait;
    }

    private <T> T own(T decision) {
        answers.count(Result.OWN_SHARE);
        return decision;
    }

    private static Duration micros(long n) {
        return Duration.ofNanos(n * 1000);
    }
}
