package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;

/// What makes one stage differ from another.
///
/// @param name      group, transactional id and metric label
/// @param workers   where records of a batch are handled side by side
/// @param batch     records in one transaction at most
/// @param gather    under load, how long a batch waits to grow
public record StageSpec(String name, Topics input, Workers workers, int batch, Duration gather) {

    /// Where handlers run.
    public sealed interface Workers {
        /// For work that waits: one virtual thread a record, `most` at once.
        record Waiting(int most) implements Workers {}

        /// For work that computes: a fixed pool.
        record Computing(int threads) implements Workers {}
    }

    /// One commit every 25 to 50 ms under load; 500 records of 20 kB are 10 MB in flight.
    public static StageSpec of(String name, Topics input, Workers workers) {
        return new StageSpec(name, input, workers, 500, Duration.ofMillis(25));
    }
}
