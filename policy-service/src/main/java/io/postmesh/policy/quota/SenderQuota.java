package io.postmesh.policy.quota;

import io.postmesh.contract.Envelope;
import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.RateLimiter;
import java.time.Duration;

/// How long a mail has to wait for its sender domain's limit; zero when it may go.
@FunctionalInterface
public interface SenderQuota {
    SenderQuota UNLIMITED = _ -> Duration.ZERO;

    Duration delay(Envelope mail);

    /// One rate for every sender domain, counted in messages and shared by all workers. A mail over the limit takes its
    /// place in the queue, so that a thousand that wait do not all go at once. The answer is waited for: 250 ms at
    /// most, and it never fails. A mail without a sender domain is nobody's, so it has no limit.
    ///
    /// @param longest the end of the queue
    static SenderQuota shared(RateLimiter limiter, Rate rate, Duration longest) {
        return mail -> {
            var domain = mail.sender().domain();
            if (domain.isEmpty()) return Duration.ZERO;
            var turn = limiter.reserve("sender:" + domain.get().name(), rate, 1, longest);
            return turn.toCompletableFuture().join();
        };
    }
}
