package io.postmesh.mail;

import java.util.Optional;
import java.util.random.RandomGenerator;

/// A message's name everywhere: a ULID, 26 characters of Crockford base 32, ordered by time.
public record MailId(String text) implements Comparable<MailId> {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int TIME_CHARS = 10;

    public MailId {
        if (!isUlid(text)) throw new IllegalArgumentException("not a mail id");
    }

    public static Optional<MailId> parse(String text) {
        return isUlid(text) ? Optional.of(new MailId(text)) : Optional.empty();
    }

    /// An id for a mail accepted at `millis`, its other 80 bits from `random`.
    public static MailId at(long millis, RandomGenerator random) {
        return of(millis, random.nextLong(), random.nextLong());
    }

    /// An id derived from given bits: the same bits make the same mail (LEDGER L4).
    public static MailId of(long millis, long high, long low) {
        var out = new char[LENGTH];
        for (int i = TIME_CHARS - 1; i >= 0; i--, millis >>>= 5) out[i] = ALPHABET.charAt((int) (millis & 31));
        for (int i = 17; i >= TIME_CHARS; i--, high >>>= 5) out[i] = ALPHABET.charAt((int) (high & 31));
        for (int i = LENGTH - 1; i >= 18; i--, low >>>= 5) out[i] = ALPHABET.charAt((int) (low & 31));
        return new MailId(new String(out));
    }

    /// The moment the id was made, in milliseconds since 1970.
    public long millis() {
        long value = 0;
        for (int i = 0; i < TIME_CHARS; i++) value = value << 5 | ALPHABET.indexOf(text.charAt(i));
        return value;
    }

    /// A well-mixed hash, stable for ever: placement depends on it (LEDGER L2).
    public long hash64() {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < LENGTH; i++) h = (h ^ text.charAt(i)) * 0x100000001b3L;
        return mix(h + 0x9e3779b97f4a7c15L);
    }

    // The finaliser of SplitMix64, written out because no JDK promises to keep its own.
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static boolean isUlid(String s) {
        if (s.length() != LENGTH || s.charAt(0) > '7') return false;
        for (int i = 0; i < LENGTH; i++) if (ALPHABET.indexOf(s.charAt(i)) < 0) return false;
        return true;
    }

    @Override
    public int compareTo(MailId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
