package io.postmesh.runtime.blob;

import java.security.SecureRandom;
import java.util.HexFormat;

/// What a store calls its blobs: names nobody guesses, alike in every store, so that a blob may move to another.
public final class BlobKeys {
    private static final int BYTES = 16;
    static final int LENGTH = 2 * BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    private BlobKeys() {}

    public static String next() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Keys travel in records: one that is not ours must not become a path.
    public static boolean isOne(String text) {
        return text.length() == LENGTH && isHex(text);
    }

    static boolean isHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
