package io.postmesh.lab.dns;

/// How a name misbehaves.
public enum DnsFault {
    SERVFAIL,
    REFUSED,
    NXDOMAIN,
    /// No answer, ever.
    TIMEOUT,
    /// An empty answer with TC set over UDP; the real one over TCP (RFC 2181 §9).
    TRUNCATED,
    /// A UDP packet that is no DNS message.
    GARBAGE
}
