package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.RecordId;
import org.jspecify.annotations.Nullable;

/// Key of a body in `mail.waiting.bodies`: one per record and owner, so two owners never write under the same one
/// (LEDGER L8).
record BodyKey(RecordId record, int epoch) {
    static @Nullable BodyKey parse(byte @Nullable [] key) {
        if (key == null) return null;
        var text = new String(key, UTF_8);
        int slash = text.lastIndexOf('/');
        if (slash < 0) return null;
        try {
            return new BodyKey(new RecordId(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }

    byte[] octets() {
        return (record.text() + "/" + epoch).getBytes(UTF_8);
    }
}
