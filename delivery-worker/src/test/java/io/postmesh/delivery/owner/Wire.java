package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A ledger that can be cut off at any moment, as a killed process is: nothing more is written, nothing answered.
final class Wire implements LedgerLog {
    private final TopicWriter writer;
    private boolean cut;

    Wire(TopicWriter writer) {
        this.writer = writer;
    }

    synchronized void cut() {
        cut = true;
    }

    @Override
    public synchronized CompletableFuture<Written> send(OutRecord record) {
        return cut ? new CompletableFuture<>() : writer.send(record);
    }

    @Override
    public Duration oldestInFlight() {
        return Duration.ZERO;
    }
}
