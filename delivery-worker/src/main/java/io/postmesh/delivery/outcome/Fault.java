package io.postmesh.delivery.outcome;

/// What can happen to a conversation besides a reply.
public enum Fault {
    /// No connection came about.
    UNREACHABLE,
    /// The address is one we do not connect to.
    FORBIDDEN,
    /// The remote went away.
    CLOSED,
    /// The remote kept us waiting too long.
    TIMEOUT,
    /// What the remote said is not SMTP.
    GARBAGE,
    /// No TLS session came about, or not with whom we wanted.
    TLS,
    /// The relay offers no way to log in, or none that hides the password.
    NO_LOGIN
}
