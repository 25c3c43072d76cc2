package io.postmesh.delivery.owner;

import java.util.BitSet;

/// Which input offsets are finished, in any order (LEDGER L11).
///
/// Only open offsets are remembered. An offset that never arrives, a transaction's marker or an aborted record, counts
/// as finished.
final class Tracker {
    private static final int SHIFT = 1 << 16;

    private BitSet open = new BitSet();
    private long base; // offset of bit 0
    private long reached; // the next offset expected from the reader
    private long next; // nothing at or above was ever seen

    /// A partition without a bookmark: everything from `from` on is new.
    static Tracker from(long from) {
        return new Tracker(from, Runs.NONE);
    }

    /// @param low  the committed offset
    /// @param runs which offsets from `low` on the last owner left open
    Tracker(long low, Runs runs) {
        base = low;
        reached = low;
        next = low + runs.span();
        runs.forEachOpen((from, to) -> open.set((int) from, (int) to));
    }

    /// Takes notice of a record in the order of the partition.
    ///
    /// @return false when an earlier owner finished it, or it was here before
    boolean arrives(long offset) {
        if (offset < reached) return false;
        passed(offset);
        reached = offset + 1;
        if (offset < next) return offset >= base && open.get(bit(offset));
        next = offset + 1;
        open.set(bit(offset));
        return true;
    }

    /// The reader stands at `position`: whatever lies before and did not arrive never will.
    void passed(long position) {
        if (position <= reached) return;
        if (reached < next) open.clear(bit(reached), bit(Math.min(position, next)));
        reached = position;
        next = Math.max(next, position);
        if (open.isEmpty()) base = next; // a long gap costs no memory
    }

    void finish(long offset) {
        open.clear(bit(offset));
        long low = low();
        if (low - base < SHIFT) return;
        open = open.get(bit(low), Math.max(bit(low), open.length()));
        base = low;
    }

    /// Every offset below is finished.
    long low() {
        int first = open.nextSetBit(0);
        return first < 0 ? next : base + first;
    }

    int openCount() {
        return open.cardinality();
    }

    /// What the next owner needs to know above [#low].
    Runs runs() {
        long low = low();
        var runs = new Runs.Builder();
        int at = bit(low);
        int end = bit(next);
        while (at < end) {
            int finished = open.nextClearBit(at);
            int again = open.nextSetBit(finished);
            int until = again < 0 ? end : again;
            if (!runs.add(finished - at, until - finished)) break;
            at = until;
        }
        return runs.build();
    }

    private int bit(long offset) {
        return Math.toIntExact(offset - base);
    }
}
