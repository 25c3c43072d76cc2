package io.postmesh.delivery.outcome;

/// Makes one attempt and reports on every recipient of it.
@FunctionalInterface
public interface Courier {
    /// Blocks its (virtual) thread until the attempt is over; a fault of the remote is a verdict, never an exception.
    Report carry(Job job, Checkpoints checkpoints);
}
