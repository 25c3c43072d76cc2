package io.postmesh.audit.census;

import io.postmesh.mail.MailId;

/// A recipient, mail id and position (LEDGER L1), in two longs. The position is added onto the id's 128 bits in steps
/// far
/// apart, so that two recipients are the same bits only if two mail ids differ by exactly such a step.
record Who(long hi, long lo) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final byte[] VALUE = new byte[128];
    private static final long STEP = 0x9e3779b97f4a7c15L; // odd, so every position gives another sum
    private static final long FORTY_BITS = (1L << 40) - 1;

    static {
        for (int i = 0; i < ALPHABET.length(); i++) VALUE[ALPHABET.charAt(i)] = (byte) i;
    }

    static Who of(MailId id, int position) {
        var text = id.text();
        long high = bits(text, 10, 18); // 48 bits of time, then twice 40
        long low = bits(text, 18, 26);
        return new Who(id.millis() << 16 | high >>> 24, (high & 0xffffff) << 40 | low).at(position);
    }

    private Who at(int position) {
        return new Who(hi, lo + position * STEP);
    }

    /// The mail, of which this is the recipient at `position`.
    MailId mail(int position) {
        var first = at(-position);
        return MailId.of(first.hi >>> 16, (first.hi & 0xffff) << 24 | first.lo >>> 40, first.lo & FORTY_BITS);
    }

    int hash() {
        return hash(hi, lo);
    }

    static int hash(long hi, long lo) {
        long h = (hi ^ lo * STEP) * 0xbf58476d1ce4e5b9L;
        return (int) (h >>> 32);
    }

    private static long bits(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) value = value << 5 | VALUE[text.charAt(i)];
        return value;
    }
}
