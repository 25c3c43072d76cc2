package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A ledger whose acknowledgements the test gives, one by one.
final class HeldLog implements LedgerLog {
    private final TopicWriter writer;
    private final LinkedBlockingQueue<Held> held = new LinkedBlockingQueue<>();
    volatile Duration oldest = Duration.ZERO;

    /// A write Kafka has and its writer does not know of.
    record Held(OutRecord record, CompletableFuture<Written> real, CompletableFuture<Written> told) {
        void acknowledge() throws Exception {
            told.complete(real.get(30, TimeUnit.SECONDS));
        }
    }

    HeldLog(TopicWriter writer) {
        this.writer = writer;
    }

    @Override
    public CompletableFuture<Written> send(OutRecord record) {
        var write = new Held(record, writer.send(record), new CompletableFuture<>());
        held.add(write);
        return write.told();
    }

    @Override
    public Duration oldestInFlight() {
        return oldest;
    }

    /// The next write; it stays without answer until the test gives it.
    Held next() throws InterruptedException {
        var next = held.poll(60, TimeUnit.SECONDS);
        if (next == null) throw new AssertionError("nothing more was written");
        return next;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }
}
