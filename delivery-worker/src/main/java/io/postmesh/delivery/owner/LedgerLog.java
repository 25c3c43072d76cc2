package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.Written;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Where the ledger is written: records of one partition are acknowledged in the order they were sent.
interface LedgerLog {
    CompletableFuture<Written> send(OutRecord record);

    /// How long the oldest write has been waiting for its acknowledgement.
    Duration oldestInFlight();

    /// What keeps it from being written at all.
    default Optional<String> trouble() {
        return Optional.empty();
    }

    static LedgerLog of(TopicWriter writer) {
        return new LedgerLog() {
            @Override
            public CompletableFuture<Written> send(OutRecord record) {
                return writer.send(record);
            }

            @Override
            public Duration oldestInFlight() {
                return writer.oldestInFlight();
            }

            @Override
            public Optional<String> trouble() {
                return writer.trouble();
            }
        };
    }
}
