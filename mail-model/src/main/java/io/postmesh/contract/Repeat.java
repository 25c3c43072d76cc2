package io.postmesh.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.mail.MailId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A deliberate repeat of a mail: another mail, the name of which follows from the first one's and a number. So a
/// repeat made twice by accident is the same mail, and goes once (LEDGER L18); whoever wants one more counts on.
///
/// @param of     the mail that is sent again
/// @param number from 1 on
public record Repeat(MailId of, int number) {
    public Repeat {
        if (number < 1) throw new IllegalArgumentException("repeats are counted from 1");
    }

    public MailId id() {
        var named = ("repeat " + number + " of " + of).getBytes(US_ASCII);
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(named));
            return MailId.of(of.millis(), hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
