package io.postmesh.ingress.wire;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How long something has taken so far.
final class Watch {
    private final LongSupplier nanoTime;
    private long since;

    /// Started.
    Watch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        restart();
    }

    void restart() {
        since = nanoTime.getAsLong();
    }

    boolean isPast(Duration limit) {
        return nanoTime.getAsLong() - since > limit.toNanos();
    }
}
