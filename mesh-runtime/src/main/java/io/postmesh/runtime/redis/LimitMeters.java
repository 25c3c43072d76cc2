package io.postmesh.runtime.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postmesh.runtime.ops.Counters;
import java.util.Locale;

/// What limits say, whatever they limit.
final class LimitMeters {
    enum Result {
        ALLOWED,
        LIMITED,
        /// Redis did not answer: decided by this worker's own share.
        OWN_SHARE
    }

    private LimitMeters() {}

    static Counters<Result> of(MeterRegistry meters, LimitScope scope) {
        return Counters.of(
                meters,
                "postmesh_ratelimit_decisions_total",
                Tags.of("scope", scope.name().toLowerCase(Locale.ROOT)),
                "result",
                Result.class,
                "Answers of limits. limited: the limit is used up; own_share rising: look at Redis.");
    }
}
