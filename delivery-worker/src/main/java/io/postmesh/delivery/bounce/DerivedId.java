package io.postmesh.delivery.bounce;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.contract.Outcome;
import io.postmesh.mail.MailId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The name of a report, derived from what it reports (LEDGER L4): made twice, it is the same mail, and delivered once.
///
/// @param boundary between its MIME parts; nobody could know it when the failed mail was written
record DerivedId(MailId id, String boundary) {
    static DerivedId of(Outcome outcome) {
        var positions = outcome.positions().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        var kind = outcome.kind().name().getBytes(US_ASCII);
        var what = ByteBuffer.allocate(26 + 4 * positions.length + kind.length)
                .put(outcome.id().text().getBytes(US_ASCII));
        for (int position : positions) what.putInt(position);
        var hash = ByteBuffer.wrap(sha256(what.put(kind).array()));
        var id = MailId.of(outcome.id().millis(), hash.getLong(), hash.getLong());
        var rest = new byte[12];
        hash.get(rest);
        return new DerivedId(id, "=_" + HexFormat.of().formatHex(rest));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
