package io.postmesh.delivery.waiting;

import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailId;
import java.util.List;

/// The unit of truth (LEDGER L1), mail id and position, in 128 bits.
///
/// A ULID has 128 bits of its own; the position is added onto them, far apart, so two identities are the same bits only
/// if two mail ids differ by exactly such a step. A hash of 64 bits would one day drop a mail for another one's sake.
public record Identity(long hi, long lo) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final byte[] VALUE = new byte[128];
    private static final long STEP = 0x9e3779b97f4a7c15L; // odd, so every position gives another sum

    static {
        for (int i = 0; i < ALPHABET.length(); i++) VALUE[ALPHABET.charAt(i)] = (byte) i;
    }

    public static Identity of(MailId id, int position) {
        var text = id.text();
        long hi = 0;
        for (int i = 0; i < 13; i++) hi = hi << 5 | VALUE[text.charAt(i)]; // the first character has three bits: 63
        int middle = VALUE[text.charAt(13)];
        hi = hi << 1 | middle >>> 4;
        long lo = middle & 15;
        for (int i = 14; i < 26; i++) lo = lo << 5 | VALUE[text.charAt(i)];
        return new Identity(hi, lo + position * STEP);
    }

    /// Everybody who waits.
    static List<Identity> of(Waiting state) {
        return state.positions().stream()
                .map(position -> of(state.id(), position))
                .toList();
    }

    public int hash() {
        long h = (hi ^ lo * STEP) * 0xbf58476d1ce4e5b9L;
        return (int) (h >>> 32);
    }
}
