package io.postmesh.delivery.forget;

import java.util.List;

/// How far a partition may be forgotten (LEDGER L21). Values only.
///
/// @param begin   where the log begins now
/// @param young   the first offset inside the replay window
/// @param readers what each reader still needs, from there on
record Horizon(long begin, long young, List<Long> readers) {
    Horizon {
        readers = List.copyOf(readers);
        if (readers.isEmpty()) throw new IllegalArgumentException("nobody reads it, so nobody can say what may go");
    }

    /// Everything below goes.
    long until() {
        long until = young;
        for (long needed : readers) until = Math.min(until, needed);
        return Math.max(begin, until);
    }

    long removed() {
        return until() - begin;
    }

    /// Records past their time that a reader holds.
    long held() {
        return Math.max(0, young - until());
    }
}
