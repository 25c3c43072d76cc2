package io.postmesh.delivery.lane;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One conversation, and where it counts. Guarded by its book's lock, but for what its own thread says of its dot.
final class Talk {
    private static final Duration HANGS = Duration.ofMinutes(1);

    final Lane lane;
    private final Instant since;
    private volatile @Nullable Instant dotted; // and not answered yet
    boolean lingers;
    private boolean spared;

    Talk(Lane lane, Instant since) {
        this.lane = lane;
        this.since = since;
    }

    void dotted(Instant now) {
        dotted = now;
    }

    void answered() {
        dotted = null;
    }

    boolean lasts(Duration time, Instant now) {
        return !since.plus(time).isAfter(now);
    }

    /// All was said long ago, and only the answer to the dot is missing.
    boolean hangs(Instant now) {
        var dot = dotted;
        return dot != null && !dot.plus(HANGS).isAfter(now);
    }

    /// Whether it is out of its lane's window.
    void spare(boolean out) {
        if (spared == out) return;
        spared = out;
        lane.spared += out ? 1 : -1;
    }
}
