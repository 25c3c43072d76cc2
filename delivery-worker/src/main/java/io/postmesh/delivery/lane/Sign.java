package io.postmesh.delivery.lane;

/// What one conversation says about its destination.
public enum Sign {
    /// It serves mail: a refusal of one message or recipient says so, too.
    WELL,
    /// The site or the session failed.
    ILL,
    /// Nothing: the attempt ended by our own will.
    NONE
}
