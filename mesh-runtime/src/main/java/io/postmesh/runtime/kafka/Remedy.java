package io.postmesh.runtime.kafka;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/// What a failed transaction needs before the next one.
///
/// Whichever it is, the consumer then goes back to the committed offsets: memory may be ahead of them, or, after a
/// commit whose answer was lost, behind.
enum Remedy {
    /// Kafka said what is wrong and that nothing else is: the transaction is aborted and the producer goes on.
    ABORT,

    /// The producer's epoch is not the newest: another one has taken its id, or Kafka ended the transaction when its
    /// time was over. Only a new producer may write.
    FENCED,

    /// Anything else. A commit may have gone through without our hearing of it, a request may still be on its way and
    /// join the next transaction. A new producer takes the id: that ends the old transaction one way or the other,
    /// and whatever arrives late is of an older epoch.
    NEW_PRODUCER;

    /// Kafka's client wraps what happened in what it could not do for it; the outermost that says anything counts.
    static Remedy after(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case TimeoutException _, InterruptException _ -> {
                    return NEW_PRODUCER;
                }
                case ProducerFencedException _, InvalidProducerEpochException _ -> {
                    return FENCED;
                }
                // The group moved on while we worked; the coordinator, or a partition's leader, asks for an abort.
                case CommitFailedException _, RebalanceInProgressException _, TransactionAbortableException _ -> {
                    return ABORT;
                }
                default -> {} // a wrapping
            }
        }
        return NEW_PRODUCER;
    }
}
