package io.postmesh.delivery.lane;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotLeases;
import io.postmesh.runtime.redis.SlotRequest;
import io.postmesh.runtime.redis.TokenLeases;
import io.postmesh.runtime.redis.Tokens;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Limits leased from Redis, or this worker's share of them while it is away.
///
/// @param resting where connections without work are kept
public record RedisLimits(DestinationRates rates, SlotLeases slots, TokenLeases tokens, Resting resting)
        implements SharedLimits {

    /// Connections that wait for the next mail.
    @FunctionalInterface
    public interface Resting {
        /// Closes those to this destination, and waits until they are closed.
        void letGo(String destination, boolean relayed);
    }

    @Override
    public Optional<Rate> rate(String destination) {
        return rates.of(destination);
    }

    @Override
    public CompletionStage<SlotLease> slots(SlotRequest request) {
        return slots.ask(request);
    }

    @Override
    public CompletionStage<Tokens> tokens(String destination, Rate rate, int needed, int workers) {
        return tokens.take(destination, rate, needed, workers);
    }

    @Override
    public void letGo(String destination, boolean relayed) {
        resting.letGo(destination, relayed);
    }
}
