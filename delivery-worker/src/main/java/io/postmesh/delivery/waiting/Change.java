package io.postmesh.delivery.waiting;

import io.postmesh.contract.Waiting;

/// What a record of `mail.waiting` says of its key.
public sealed interface Change {
    record Waits(Waiting state) implements Change {}

    /// A tombstone.
    record Left() implements Change {}

    /// A state that does not decode: nobody can be attempted by it, and somebody has to look.
    record Unreadable() implements Change {}
}
