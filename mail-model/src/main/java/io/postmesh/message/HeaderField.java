package io.postmesh.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Slice;
import java.util.Locale;

/// One field, folded lines and final CR LF included.
///
/// @param name lower case, without white space before the colon
/// @param raw  every byte of the field
/// @param valueAt index in `raw` of the octet after the colon
public record HeaderField(String name, Slice raw, int valueAt) {

    static HeaderField of(Slice raw, int colon) {
        int end = colon;
        while (end > 0 && (raw.get(end - 1) == ' ' || raw.get(end - 1) == '\t')) end--;
        var name = new String(raw.array(), raw.offset(), end, ISO_8859_1).toLowerCase(Locale.ROOT);
        return new HeaderField(name, raw, colon + 1);
    }

    /// A field this mesh is about to add, its colon right behind the name.
    public static HeaderField ofOwn(String text) {
        return of(Slice.of(text.getBytes(US_ASCII)), text.indexOf(':'));
    }

    public boolean is(String lowerCaseName) {
        return name.equals(lowerCaseName);
    }

    /// The value unfolded (RFC 5322 §2.2.3) and trimmed, for reading; the bytes stay as they are.
    public String value() {
        var text = new String(raw.array(), raw.offset() + valueAt, raw.length() - valueAt, UTF_8);
        return text.replace("\r\n", "").strip();
    }
}
