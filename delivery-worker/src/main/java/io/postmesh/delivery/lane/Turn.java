package io.postmesh.delivery.lane;

/// A place in the conversation with one destination.
public interface Turn {
    /// @param provider whose hosts this destination has
    void bound(String provider);

    /// The conversation is over; what it says about the destination decides how many may talk to it at once.
    void over(Sign sign);
}
