package io.postmesh.runtime.redis;

/// What a limit is kept for: a label of metrics.
public enum LimitScope {
    /// Messages of a client's network, asked at MAIL.
    CLIENT,
    /// Messages of a sender domain.
    SENDER,
    /// Connections to a destination, leased.
    DESTINATION_CONNECTIONS,
    /// Messages to a destination, tokens leased.
    DESTINATION_RATE
}
