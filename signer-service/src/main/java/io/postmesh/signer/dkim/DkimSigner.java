package io.postmesh.signer.dkim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.dkim.HeaderCanon;
import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import io.postmesh.signer.keys.SigningKey;
import java.time.Instant;
import java.util.List;

/// Signs a message's header fields and body hash, relaxed/relaxed (RFC 6376 §3.4).
public final class DkimSigner {
    private DkimSigner() {}

    /// The DKIM-Signature fields, one for each key, to stand in front of the header section.
    ///
    /// The signed fields are brought into canonical form once; each signature adds itself, with an empty b=, behind
    /// them (§3.7). No signature covers another, so a receiver that knows one algorithm can check that one alone.
    ///
    /// @param bodyHash SHA-256 of the relaxed canonical body
    /// @param at       the moment of signing; never ahead of it, receivers refuse a t= in the future
    public static byte[] sign(Headers headers, byte[] bodyHash, List<SigningKey> keys, Instant at) {
        var covered = SignedFields.of(headers);
        var unsigned = keys.stream()
                .map(key -> SignatureField.unsigned(key, covered.names(), bodyHash, at))
                .toList();
        var canon = new byte[room(covered.fields(), unsigned)];
        int end = canonical(covered.fields(), canon);
        var out = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            int length = HeaderCanon.relaxed(HeaderField.ofOwn(unsigned.get(i)), canon, end);
            out.append(SignatureField.signed(unsigned.get(i), keys.get(i).sign(canon, length)));
        }
        return out.toString().getBytes(US_ASCII);
    }

    private static int canonical(List<HeaderField> fields, byte[] canon) {
        int end = 0;
        for (var field : fields) {
            end = HeaderCanon.relaxed(field, canon, end);
            canon[end++] = '\r';
            canon[end++] = '\n';
        }
        return end;
    }

    // A canonical field is never longer than the field, whose CR LF is counted in.
    private static int room(List<HeaderField> fields, List<String> unsigned) {
        int octets = 0;
        for (var field : fields) octets += field.raw().length();
        return octets + unsigned.stream().mapToInt(String::length).max().orElse(0);
    }
}
