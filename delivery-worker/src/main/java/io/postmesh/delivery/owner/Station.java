package io.postmesh.delivery.owner;

/// What all who work for one partition share, as a [Desk] is what all partitions of a worker share.
///
/// @param order held while what arrived, or what is told of it, is taken in: one after the other
record Station(
        int partition,
        int epoch,
        Desk desk,
        Book book,
        Shelf shelf,
        Crew crew,
        Scribe scribe,
        Custody custody,
        Object order) {}
