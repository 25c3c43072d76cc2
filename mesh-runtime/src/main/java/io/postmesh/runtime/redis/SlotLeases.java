package io.postmesh.runtime.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.runtime.redis.LimitMeters.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/// Limits of connections that hold over all workers. A worker leases slots by its name, and renews the lease while it
/// lives; what a dead one held is free when its lease ends, however many ask for it meanwhile.
public final class SlotLeases {
    /// As long as Kafka leaves a silent worker its partitions (LEDGER L13): both end together.
    public static final Duration TTL = Duration.ofSeconds(9);

    /// How often a lease is to be renewed.
    public static final Duration RENEW = TTL.dividedBy(3);

    private static final Duration AWAY = Duration.ofSeconds(1);

    private final RedisState redis;
    private final String worker;
    private final Duration ttl;
    private final Counters<Result> answers;

    /// @param worker stable, and different for each worker: who comes back under its name finds its lease
    public SlotLeases(RedisState redis, String worker, MeterRegistry meters) {
        this(redis, worker, TTL, meters);
    }

    SlotLeases(RedisState redis, String worker, Duration ttl, MeterRegistry meters) {
        this.redis = redis;
        this.worker = worker;
        this.ttl = ttl;
        this.answers = LimitMeters.of(meters, LimitScope.DESTINATION_CONNECTIONS);
    }

    /// Answers within 250 ms, never fails; may complete on a Redis thread.
    public CompletionStage<SlotLease> ask(SlotRequest request) {
        return redis.run(
                        Script.SLOTS,
                        "postmesh:slots:" + request.place(),
                        worker,
                        Integer.toString(request.limit()),
                        Integer.toString(request.wanted()),
                        Integer.toString(request.open()),
                        Long.toString(ttl.toMillis()))
                .thenApply(answer -> agreed(answer, request))
                .exceptionally(problem -> alone(request));
    }

    private SlotLease agreed(List<Long> answer, SlotRequest request) {
        int slots = answer.getFirst().intValue();
        answers.count(slots < request.wanted() ? Result.LIMITED : Result.ALLOWED);
        return new SlotLease.Agreed(slots, Duration.ofMillis(answer.getLast()));
    }

    // Until the last lease Redis can have given has ended, the others may hold all there is. One goes all the same, so
    // that nobody's mail stands. Not all come back at once when Redis does.
    private SlotLease alone(SlotRequest request) {
        answers.count(Result.OWN_SHARE);
        boolean othersMayHoldAll = request.workers() > 1 && redis.awayFor().compareTo(ttl) < 0;
        var again = AWAY.plusMillis(ThreadLocalRandom.current().nextLong(AWAY.toMillis()));
        return new SlotLease.OwnShare(othersMayHoldAll ? 1 : request.ownShare(), again);
    }
}
