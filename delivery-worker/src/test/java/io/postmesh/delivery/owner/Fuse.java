package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A ledger that, once it is lit, ends at its n-th write, as a killed process does: from there on nothing is
/// written, nothing answered.
final class Fuse implements LedgerLog {
    private final TopicWriter writer;
    private final List<CompletableFuture<Written>> before = new ArrayList<>();
    private final CompletableFuture<Void> blown = new CompletableFuture<>();
    private int left = Integer.MAX_VALUE;
    private boolean written;

    Fuse(TopicWriter writer) {
        this.writer = writer;
    }

    /// @param write   the last one, counted from 1 now
    /// @param reaches whether that write itself reaches Kafka; its writer hears nothing either way
    /// @return completes when it is blown and Kafka has all that was written before
    synchronized CompletableFuture<Void> light(int write, boolean reaches) {
        left = write;
        written = reaches;
        return blown;
    }

    @Override
    public synchronized CompletableFuture<Written> send(OutRecord record) {
        if (left == 0) return new CompletableFuture<>();
        left--;
        if (left > 0) {
            var sent = writer.send(record);
            before.add(sent);
            return sent;
        }
        if (written) before.add(writer.send(record));
        CompletableFuture.allOf(before.toArray(CompletableFuture[]::new)).thenRun(() -> blown.complete(null));
        return new CompletableFuture<>();
    }

    @Override
    public Duration oldestInFlight() {
        return Duration.ZERO;
    }
}
