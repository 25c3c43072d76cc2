package io.postmesh.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.mail.MailId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// A record's own name: a hash of mail id and positions, used as a key only (LEDGER L1).
public record RecordId(String text) {
    public static RecordId of(MailId id, int[] positions) {
        var sorted = positions.clone();
        Arrays.sort(sorted);
        var bytes = ByteBuffer.allocate(26 + 4 * sorted.length).put(id.text().getBytes(US_ASCII));
        for (int position : sorted) bytes.putInt(position);
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return new RecordId(HexFormat.of().formatHex(digest, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
