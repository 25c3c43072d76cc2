package io.postmesh.lab.sink;

/// The moments of a conversation at which something can go wrong.
public enum Stage {
    /// The greeting; no domain is known yet, only rules for `*` apply.
    CONNECT,
    EHLO,
    HELO,
    STARTTLS,
    AUTH,
    /// Rules match the sender's domain here.
    MAIL,
    RCPT,
    /// The reply to DATA.
    DATA,
    /// While the message arrives, after its first octets.
    BODY,
    /// After the final dot.
    DOT,
    RSET,
    QUIT
}
