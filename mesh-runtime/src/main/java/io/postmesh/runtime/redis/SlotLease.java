package io.postmesh.runtime.redis;

import java.time.Duration;

/// How many connections to one place a worker may have open, and when to ask again for more.
public sealed interface SlotLease {
    int slots();

    Duration again();

    /// What all workers agreed upon. It holds for [SlotLeases#TTL] from the moment it was asked for.
    ///
    /// @param again zero when it is as much as was wanted
    record Agreed(int slots, Duration again) implements SlotLease {}

    /// Redis is away: this worker's own share. A lease it still has stays valid to its end.
    record OwnShare(int slots, Duration again) implements SlotLease {}
}
