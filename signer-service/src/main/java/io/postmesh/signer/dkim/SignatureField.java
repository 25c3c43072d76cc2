package io.postmesh.signer.dkim;

import io.postmesh.signer.keys.SigningKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// The text of a DKIM-Signature field, folded where RFC 6376 §3.5 allows white space, so that no line reaches 78
/// columns
/// (but for a domain or selector that is longer than that by itself).
final class SignatureField {
    private static final int MAX_COLUMN = 77;
    private static final String FOLD = "\r\n ";
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final StringBuilder text = new StringBuilder(1024).append("DKIM-Signature:");
    private int lineStart;

    private SignatureField() {}

    /// Everything up to an empty b= tag, without the final CR LF: what the signature itself covers (§3.7).
    static String unsigned(SigningKey key, List<String> names, byte[] bodyHash, Instant at) {
        var field = new SignatureField();
        field.tag("v=1;");
        field.tag("a=" + key.algorithm().tag() + ";");
        field.tag("c=relaxed/relaxed;");
        field.tag("d=" + key.domain().name() + ";");
        field.tag("s=" + key.selector() + ";");
        field.tag("t=" + at.getEpochSecond() + ";");
        field.names(names);
        field.tag("bh=" + BASE64.encodeToString(bodyHash) + ";");
        return field.text.append(FOLD).append("b=").toString();
    }

    /// The whole field. The base64 begins right behind b=, so emptying the tag again leaves `unsigned`.
    static String signed(String unsigned, byte[] signature) {
        var value = BASE64.encodeToString(signature);
        var out = new StringBuilder(unsigned.length() + value.length() + value.length() / 16);
        out.append(unsigned);
        int room = MAX_COLUMN - " b=".length();
        for (int at = 0; at < value.length(); at += room) {
            if (at > 0) out.append(FOLD);
            if (at > 0) room = MAX_COLUMN - 1;
            out.append(value, at, Math.min(value.length(), at + room));
        }
        return out.append("\r\n").toString();
    }

    private void tag(String tag) {
        if (column() + 1 + tag.length() > MAX_COLUMN) fold();
        else text.append(' ');
        text.append(tag);
    }

    // h=a:b:c; may be folded behind each colon.
    private void names(List<String> names) {
        int last = names.size() - 1;
        for (int i = 0; i <= last; i++) {
            var name = names.get(i) + (i < last ? ":" : ";");
            if (i == 0) {
                tag("h=" + name);
            } else {
                if (column() + name.length() > MAX_COLUMN) fold();
                text.append(name);
            }
        }
    }

    private int column() {
        return text.length() - lineStart;
    }

    private void fold() {
        text.append(FOLD);
        lineStart = text.length() - 1;
    }
}
