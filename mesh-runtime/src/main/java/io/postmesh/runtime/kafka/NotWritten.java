package io.postmesh.runtime.kafka;

/// Kafka did not acknowledge a record.
public final class NotWritten extends Exception {
    private static final long serialVersionUID = 1;

    /// Whether the record may be in Kafka all the same decides what the caller may promise.
    public enum Why {
        /// The writer's memory is used up: certainly not written.
        FULL,
        /// The writer is stopping: certainly not written.
        CLOSED,
        /// Kafka will never take it, for its size or for lack of rights: certainly not written.
        REFUSED,
        /// No answer in time: it may be written.
        UNSURE
    }

    private final Why why;

    public NotWritten(Why why, String what) {
        super(what);
        this.why = why;
    }

    public NotWritten(Why why, String what, Throwable cause) {
        super(what, cause);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
