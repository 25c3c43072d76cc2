package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A record somebody waits for. Its bytes are let go as soon as its fate is known.
final class PendingWrite {
    private static final OutRecord NOTHING = new OutRecord(Topics.EVENTS, null, null, new byte[0], List.of());

    /// Tells the gateway to stop.
    static final PendingWrite LAST = new PendingWrite(NOTHING);

    final CompletableFuture<Written> future = new CompletableFuture<>();
    final int size;
    private final long since = System.nanoTime();
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile OutRecord record;

    /// Only the gateway thread looks at it.
    boolean refusedAtOnce;

    PendingWrite(OutRecord record) {
        this.record = record;
        this.size = record.size();
    }

    OutRecord record() {
        return record;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    boolean isSettled() {
        return settled.get();
    }

    /// True for the first caller only.
    boolean settle() {
        if (!settled.compareAndSet(false, true)) return false;
        record = NOTHING;
        return true;
    }
}
