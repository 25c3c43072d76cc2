package io.postmesh.delivery.outcome;

/// Goes along with a conversation, and answers two questions it asks before it may go on (LEDGER L6, L13). Both may
/// block; `false` ends the attempt
/// with [Verdict.NotSent].
public interface Checkpoints extends Witness {
    /// Asked before the content is made ready and MAIL FROM is said: is the lease good, was the mail not cancelled, is
    /// the note durable, unless this is the first attempt anybody can have made?
    boolean mayStart();

    /// Asked before the final dot: is the attempt's note durable, and is the lease still good?
    boolean mayFinish();
}
