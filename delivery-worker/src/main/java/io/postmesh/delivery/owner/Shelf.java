package io.postmesh.delivery.owner;

import java.util.concurrent.atomic.AtomicLong;

/// The memory one partition may take for letters.
///
/// @param budget octets
record Shelf(long budget, AtomicLong held, AtomicLong waited) {
    Shelf(long budget) {
        this(budget, new AtomicLong(), new AtomicLong());
    }

    Letter put(Letter letter) {
        held.addAndGet(letter.value().length);
        if (letter.waited()) waited.addAndGet(letter.value().length);
        return letter;
    }

    /// Mail that is no letter yet.
    void hold(int octets) {
        held.addAndGet(octets);
    }

    void release(int octets) {
        held.addAndGet(-octets);
    }

    void remove(Letter letter) {
        held.addAndGet(-letter.value().length);
        if (letter.waited()) waited.addAndGet(-letter.value().length);
    }

    /// The reader waits. Never for one destination: a slow one is given a share only (LEDGER L12).
    boolean isFull() {
        return held.get() >= budget;
    }

    boolean hasRoom() {
        return held.get() < budget * 3 / 4;
    }

    /// Mail that waited takes half at most, so that new mail is never starved by what failed before.
    boolean hasRoomForWaited() {
        return waited.get() < budget / 2;
    }
}
