package io.postmesh.delivery.lane;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotRequest;
import io.postmesh.runtime.redis.Tokens;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// What all workers together may do at a destination. Answers come in bounded time, never fail and never block.
public interface SharedLimits {
    /// Of mails to this destination, if it has one.
    Optional<Rate> rate(String destination);

    CompletionStage<SlotLease> slots(SlotRequest request);

    CompletionStage<Tokens> tokens(String destination, Rate rate, int needed, int workers);

    /// Others have a right to its connections: those that rest are closed when this returns, in bounded time.
    void letGo(String destination, boolean relayed);
}
