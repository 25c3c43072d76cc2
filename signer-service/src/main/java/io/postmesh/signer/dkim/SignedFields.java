package io.postmesh.signer.dkim;

import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import java.util.ArrayList;
import java.util.List;

/// Which fields a signature covers.
///
/// @param names  the h= list. A name stands there once for each field it covers; an over-signed one once more, so that
///               a field of that name added later breaks the signature (RFC 6376 §5.4, §8.15)
/// @param fields the fields in the order they are hashed: that of `names`, of one name from the bottom up (§5.4.2)
record SignedFields(List<String> names, List<HeaderField> fields) {
    /// What a reader is shown or a client acts on: adding one of these must not go unseen.
    private static final List<String> OVER_SIGNED = List.of(
            "from",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "reply-to",
            "content-type",
            "content-transfer-encoding",
            "mime-version",
            "list-unsubscribe",
            "list-unsubscribe-post"); // RFC 8058 §4 asks for these two in every signature

    /// Covered where they are; lists and forwarders may add theirs (§5.4.1).
    private static final List<String> SIGNED = List.of(
            "sender",
            "in-reply-to",
            "references",
            "resent-date",
            "resent-from",
            "resent-sender",
            "resent-to",
            "resent-cc",
            "resent-message-id",
            "list-id",
            "list-help",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive",
            "feedback-id",
            "autocrypt");

    static SignedFields of(Headers headers) {
        var names = new ArrayList<String>(OVER_SIGNED.size() * 2 + 4);
        var fields = new ArrayList<HeaderField>(OVER_SIGNED.size() + 4);
        for (var name : OVER_SIGNED) {
            collect(headers, name, names, fields);
            names.add(name);
        }
        for (var name : SIGNED) collect(headers, name, names, fields);
        return new SignedFields(names, fields);
    }

    private static void collect(Headers headers, String name, List<String> names, List<HeaderField> fields) {
        for (var field : headers.fields().reversed()) {
            if (!field.is(name)) continue;
            names.add(name);
            fields.add(field);
        }
    }
}
