package io.postmesh.lab.load;

import io.postmesh.lab.load.Letters.Letter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a letter is known by when it comes out somewhere: the message without the dots that were doubled for
/// the way.
record Print(int octets, String sha256) {
    static final Print NONE = new Print(0, "");
    private static final int MARK = 3; // the final dot and its CR LF

    static Print of(Letter letter) {
        var digest = digest();
        var wire = letter.wire();
        int octets = 0;
        int from = 0;
        int end = letter.length() - MARK;
        for (int i = 1; i < end; i++) {
            if (wire[i] != '.' || wire[i - 1] != '\n') continue;
            digest.update(wire, from, i - from); // up to the dot that was added, which is left out
            octets += i - from;
            from = i + 1;
            i++;
        }
        digest.update(wire, from, end - from);
        return new Print(octets + end - from, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
