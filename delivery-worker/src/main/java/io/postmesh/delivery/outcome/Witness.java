package io.postmesh.delivery.outcome;

import io.postmesh.contract.Reason;

/// Is told how a conversation goes while it goes, on its thread; must not block. Never told a word of the remote's:
/// they
/// often repeat an address.
public interface Witness {
    Witness NOBODY = new Witness() {};

    /// It is known where the mail goes; nobody was asked for a connection yet.
    ///
    /// @param provider whose hosts they are
    default void bound(String provider) {}

    /// @param host   name of the remote
    /// @param reused the connection was there from an earlier mail
    default void connected(String host, int port, boolean reused) {}

    /// @param code of the reply
    default void heard(Step step, int code) {}

    /// All is said; what follows is the wait for the answer of [Step#CONTENT].
    default void dotted() {}

    /// @param tls protocol and cipher
    default void encrypted(String tls) {}

    /// The conversation with this host came to nothing.
    default void brokeOff(Step step, Reason reason) {}
}
