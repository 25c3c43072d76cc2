package io.postmesh.ingress.session;

/// What `wire` has to do after a step.
public enum Effect {
    /// Read the next command.
    LISTEN,
    /// Ask whether a new message may come in; tell the session by [Session#admitted].
    ASK_ADMISSION,
    /// Take the message; tell the session by [Session#received].
    TAKE_DATA,
    /// Send the reply, then close.
    CLOSE,
    /// Send the reply, throw away what still comes in, then close: a reset would overtake the reply.
    DRAIN_AND_CLOSE
}
