package io.postmesh.dkim;

import io.postmesh.message.HeaderField;

/// The relaxed canonical form of a header field (RFC 6376 §3.4.2).
public final class HeaderCanon {
    private HeaderCanon() {}

    /// Writes `name:value` to `out` from `at` on and returns where it ends: name in lower case, folds and runs of white
    /// space one space, none around the colon or at the end. No final CR LF: the caller knows whether the field is
    /// the last one (§3.7). Never longer than the field itself.
    public static int relaxed(HeaderField field, byte[] out, int at) {
        int end = name(field.name(), out, at);
        out[end++] = ':';
        var raw = field.raw();
        return value(raw.array(), raw.offset() + field.valueAt(), raw.offset() + raw.length(), out, end);
    }

    // A field name is printable ASCII, so one character is one octet.
    private static int name(String name, byte[] out, int at) {
        for (int i = 0; i < name.length(); i++) out[at + i] = (byte) name.charAt(i);
        return at + name.length();
    }

    private static int value(byte[] raw, int from, int to, byte[] out, int at) {
        int end = at;
        boolean space = false;
        for (int i = from; i < to; i++) {
            byte b = raw[i];
            if (b == '\r' && i + 1 < to && raw[i + 1] == '\n') {
                i++;
            } else if (b == ' ' || b == '\t') {
                space = end > at;
            } else {
                if (space) out[end++] = ' ';
                space = false;
                out[end++] = b;
            }
        }
        return end;
    }
}
