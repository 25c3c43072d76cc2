package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// A ledger that can be cut off at any moment, as a killed process is: nothing more is written, nothing answered.
final class Wire implements LedgerLog {
    private final TopicWriter writer;
    private boolean cut;
    private Predicate<OutRecord> trips = _ -> false;

    Wire(TopicWriter writer) {
        this.writer = writer;
    }

    /// The next record that is meant fails, as by a defect of ours.
    synchronized void trip(Predicate<OutRecord> meant) {
        trips = meant;
    }

    synchronized void cut() {
        cut = true;
    }

    @Override
    public synchronized CompletableFuture<Written> send(OutRecord record) {
        if (trips.test(record)) {
            trips = _ -> false;
            throw new IllegalStateException("a defect");
        }
        return cut ? new CompletableFuture<>() : writer.send(record);
    }

    @Override
    public Duration oldestInFlight() {
        return Duration.ZERO;
    }
}
