package io.postmesh.delivery.outcome;

/// Who is affected by a failure. A lane learns from the first two; the others say nothing about the destination.
public enum Scope {
    /// This connection only: another one, or another host, may do.
    SESSION,
    /// The destination: nobody there could be served.
    SITE,
    /// This message, whoever receives it.
    MESSAGE,
    /// One recipient.
    RECIPIENT
}
