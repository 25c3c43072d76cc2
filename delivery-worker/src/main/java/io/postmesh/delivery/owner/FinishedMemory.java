package io.postmesh.delivery.owner;

import io.postmesh.delivery.waiting.Identity;

/// Who was finished lately (LEDGER L18): everything since the replay position, and never less than the last 200,000.
///
/// A recipient found here is dropped when it comes again. Forgetting costs a duplicate at worst, never a mail.
final class FinishedMemory {
    static final int KEPT = 200_000;

    private final int kept;
    private final IdentityTable offsets = new IdentityTable();
    private long[] ring = new long[2 << 10]; // identities in the order they finished, two longs each
    private int head;
    private int count;

    FinishedMemory() {
        this(KEPT);
    }

    FinishedMemory(int kept) {
        this.kept = kept;
    }

    int size() {
        return count;
    }

    boolean contains(Identity who) {
        return offsets.contains(who);
    }

    /// @param outcome offset in `mail.outcomes` of the result
    void add(Identity who, long outcome) {
        if (offsets.contains(who)) return;
        offsets.put(who, outcome);
        if (2 * count == ring.length) grow();
        int at = 2 * (head + count) & ring.length - 1;
        ring[at] = who.hi();
        ring[at + 1] = who.lo();
        count++;
    }

    /// Forgets the oldest above the number kept, as far as the next owner would not read them anyway.
    void forget(long replayFrom) {
        while (count > kept && oldest(Long.MAX_VALUE) < replayFrom) {
            offsets.remove(identity(head));
            head = head + 1 & ring.length / 2 - 1;
            count--;
        }
    }

    /// From where `mail.outcomes` must be read to know all this again.
    long oldest(long end) {
        return count == 0 ? end : offsets.get(identity(head));
    }

    private Identity identity(int entry) {
        return new Identity(ring[2 * entry], ring[2 * entry + 1]);
    }

    private void grow() {
        var bigger = new long[2 * ring.length];
        int untilEnd = ring.length - 2 * head;
        System.arraycopy(ring, 2 * head, bigger, 0, untilEnd);
        System.arraycopy(ring, 0, bigger, untilEnd, 2 * head);
        ring = bigger;
        head = 0;
    }
}
