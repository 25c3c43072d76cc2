package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The letters of one partition, and the memory they may take.
///
/// @param budget octets
record Shelf(long budget, AtomicLong held, AtomicLong waited, Map<RecordId, Letter> letters) {
    Shelf(long budget) {
        this(budget, new AtomicLong(), new AtomicLong(), new ConcurrentHashMap<>());
    }

    Letter put(Letter letter) {
        letters.put(letter.key(), letter);
        held.addAndGet(letter.value().length);
        if (letter.waited()) waited.addAndGet(letter.value().length);
        return letter;
    }

    /// New mail, which no roll of those who wait has.
    Roll.Group fresh() {
        return letters.values().stream()
                .filter(letter -> !letter.waited())
                .map(letter -> new Roll.Group(1, letter.envelope().acceptedAt()))
                .reduce(Roll.Group.NOBODY, Roll.Group::plus);
    }

    /// Mail that is no letter yet.
    void hold(int octets) {
        held.addAndGet(octets);
    }

    void release(int octets) {
        held.addAndGet(-octets);
    }

    void remove(Letter letter) {
        letters.remove(letter.key());
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
