package io.postmesh.audit.census;

import java.util.function.LongConsumer;

/// A map from 128 bits to a long, in three flat arrays: 32 to 64 octets an entry, 96 for the moment in which it grows.
/// Entries are never removed.
final class Table {
    /// What [#get] says of a key that is not there. Not a value.
    static final long ABSENT = 0;

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final double FULL = 0.75;

    private long[] his = new long[FIRST_CAPACITY];
    private long[] los = new long[FIRST_CAPACITY];
    private long[] values = new long[FIRST_CAPACITY];
    private int size;

    interface Each {
        void take(long hi, long lo, long value);
    }

    int size() {
        return size;
    }

    long get(long hi, long lo) {
        return values[slot(hi, lo)];
    }

    void put(long hi, long lo, long value) {
        if (value == ABSENT) throw new IllegalArgumentException("not a value");
        int slot = slot(hi, lo);
        boolean isNew = values[slot] == ABSENT;
        his[slot] = hi;
        los[slot] = lo;
        values[slot] = value;
        if (isNew && ++size > FULL * values.length) grow();
    }

    void forEach(LongConsumer each) {
        for (long value : values) if (value != ABSENT) each.accept(value);
    }

    void forEachEntry(Each each) {
        for (int i = 0; i < values.length; i++) if (values[i] != ABSENT) each.take(his[i], los[i], values[i]);
    }

    // Where the key is, or the free slot where it would go.
    private int slot(long hi, long lo) {
        int mask = values.length - 1;
        int i = Who.hash(hi, lo) & mask;
        while (values[i] != ABSENT && (his[i] != hi || los[i] != lo)) i = i + 1 & mask;
        return i;
    }

    private void grow() {
        var old = new Table();
        old.his = his;
        old.los = los;
        old.values = values;
        int capacity = 2 * values.length;
        his = new long[capacity];
        los = new long[capacity];
        values = new long[capacity];
        old.forEachEntry((hi, lo, value) -> {
            int slot = slot(hi, lo);
            his[slot] = hi;
            los[slot] = lo;
            values[slot] = value;
        });
    }
}
