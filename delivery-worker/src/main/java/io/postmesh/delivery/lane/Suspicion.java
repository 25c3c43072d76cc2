package io.postmesh.delivery.lane;

/// How much speaks for an errand that it kills its process (LEDGER L19).
public enum Suspicion {
    NONE,

    /// It was on its way at two deaths, as hundreds may have been: a few of its like may be on their way at once.
    SHARED,

    /// It was on its way at one more, with few others: no other suspect may be.
    STRONG
}
