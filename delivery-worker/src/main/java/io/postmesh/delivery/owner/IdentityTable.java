package io.postmesh.delivery.owner;

import io.postmesh.delivery.waiting.Identity;
import java.util.Arrays;

/// A map from identities to longs in three flat arrays: hundreds of thousands of entries without an object each.
final class IdentityTable {
    /// What [#get] says of an identity that is not there. Not a value.
    static final long ABSENT = Long.MIN_VALUE;

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final double FULL = 0.8;

    private long[] his = new long[FIRST_CAPACITY];
    private long[] los = new long[FIRST_CAPACITY];
    private long[] values = absent(FIRST_CAPACITY);
    private int size;

    int size() {
        return size;
    }

    long get(Identity key) {
        return values[slot(key.hi(), key.lo(), key.hash())];
    }

    boolean contains(Identity key) {
        return get(key) != ABSENT;
    }

    void put(Identity key, long value) {
        int slot = slot(key.hi(), key.lo(), key.hash());
        if (values[slot] == ABSENT) size++;
        set(slot, key.hi(), key.lo(), value);
        if (size > FULL * values.length) grow();
    }

    /// Closes the gap, so that no search ends early: every entry behind it that may sit nearer to its home moves up.
    void remove(Identity key) {
        int gap = slot(key.hi(), key.lo(), key.hash());
        if (values[gap] == ABSENT) return;
        size--;
        int mask = values.length - 1;
        for (int i = gap + 1 & mask; values[i] != ABSENT; i = i + 1 & mask) {
            int home = new Identity(his[i], los[i]).hash() & mask;
            if ((i - home & mask) < (i - gap & mask)) continue;
            set(gap, his[i], los[i], values[i]);
            gap = i;
        }
        values[gap] = ABSENT;
    }

    // Where the key is, or the free slot where it would go.
    private int slot(long hi, long lo, int hash) {
        int mask = values.length - 1;
        int i = hash & mask;
        while (values[i] != ABSENT && (his[i] != hi || los[i] != lo)) i = i + 1 & mask;
        return i;
    }

    private void set(int slot, long hi, long lo, long value) {
        his[slot] = hi;
        los[slot] = lo;
        values[slot] = value;
    }

    private void grow() {
        var oldHis = his;
        var oldLos = los;
        var oldValues = values;
        int capacity = 2 * values.length;
        his = new long[capacity];
        los = new long[capacity];
        values = absent(capacity);
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] == ABSENT) continue;
            var key = new Identity(oldHis[i], oldLos[i]);
            set(slot(key.hi(), key.lo(), key.hash()), key.hi(), key.lo(), oldValues[i]);
        }
    }

    private static long[] absent(int capacity) {
        var values = new long[capacity];
        Arrays.fill(values, ABSENT);
        return values;
    }
}
