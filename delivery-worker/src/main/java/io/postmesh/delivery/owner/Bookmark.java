package io.postmesh.delivery.owner;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// What a commit tells the next owner beside the offset (LEDGER L11), as text for Kafka's commit metadata.
///
/// @param epoch        of the owner who wrote it; the next one's is higher
/// @param outcomesFrom read `mail.outcomes` from here: nothing before concerns a record still open
/// @param memoryFrom   read it from here to remember who was finished lately (L18)
/// @param waitingFrom  the same for `mail.waiting`
/// @param runs         what is finished above the committed offset
record Bookmark(int epoch, long outcomesFrom, long memoryFrom, long waitingFrom, Runs runs) {
    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + 4 + 3 * 8;

    /// Everything is to be read.
    static final Bookmark NONE = new Bookmark(0, 0, 0, 0, Runs.NONE);

    /// The same, committed by another owner.
    Bookmark by(int owner) {
        return new Bookmark(owner, outcomesFrom, memoryFrom, waitingFrom, runs);
    }

    /// From where a take-over reads `mail.outcomes`.
    long readFrom() {
        return Math.min(outcomesFrom, memoryFrom);
    }

    String text() {
        var out = ByteBuffer.allocate(HEAD + runs.bytes().length)
                .put(FORMAT)
                .putInt(epoch)
                .putLong(outcomesFrom)
                .putLong(memoryFrom)
                .putLong(waitingFrom)
                .put(runs.bytes());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /// Empty when the text is no bookmark: an offset set by an operator's tool has none, and counts as no commit (L17).
    static Optional<Bookmark> parse(String text) {
        if (text.length() > (HEAD + Runs.MAX_BYTES) * 4 / 3 + 4) return Optional.empty();
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
        if (bytes.length < HEAD || bytes[0] != FORMAT) return Optional.empty();
        var in = ByteBuffer.wrap(bytes, 1, HEAD - 1);
        int epoch = in.getInt();
        long outcomes = in.getLong();
        long memory = in.getLong();
        long waiting = in.getLong();
        if (epoch < 0 || outcomes < 0 || memory < 0 || waiting < 0) return Optional.empty();
        return Runs.read(Arrays.copyOfRange(bytes, HEAD, bytes.length))
                .map(runs -> new Bookmark(epoch, outcomes, memory, waiting, runs));
    }
}
