package io.postmesh.delivery.lane;

import java.util.Map;

/// All lanes at one glance.
///
/// @param destinations how many there are of each kind
/// @param startable    mails that could start, were this worker not busy enough with others
/// @param hanging      conversations that have waited for the answer to their dot for more than a minute
public record Traffic(Map<Kind, Integer> destinations, int startable, int hanging) {
    public static final Traffic NONE = new Traffic(Map.of(), 0, 0);

    /// @param provider whose hosts the destination had at its last attempt; other before its first one
    public record Kind(String provider, State state) {}

    /// What a destination lets us do.
    public enum State {
        /// Conversations go on, and more could.
        TALKING,
        /// Mail waits for a connection or a token of its rate.
        LIMITED,
        /// It failed again and again and is left alone for a while.
        RESTING,
        /// Nothing is to be done.
        IDLE
    }

    public Traffic {
        destinations = Map.copyOf(destinations);
    }
}
