package io.postmesh.delivery.lane;

/// A place in the conversation with one destination.
public interface Turn {
    /// @param provider whose hosts this destination has
    void bound(String provider);

    /// All is said, and the remote's answer awaited.
    void dotted();

    /// The remote has answered the dot.
    void answered();

    /// The conversation is over; what it says about the destination decides how many may talk to it at once.
    void over(Sign sign);
}
