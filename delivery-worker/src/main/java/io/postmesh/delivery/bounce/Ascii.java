package io.postmesh.delivery.bounce;

import io.postmesh.mail.MailAddress;
import java.io.ByteArrayOutputStream;

/// Strangers' words in seven bits and short lines, so that nothing they say can start a line, end a part or need more
/// of the next hop than plain SMTP.
final class Ascii {
    private static final int QP_LINE = 75; // RFC 2045 §6.7: 76 with the soft line break

    private Ascii() {}

    /// One line of printable ASCII; whatever else comes is a question mark.
    static String line(String text, int most) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < most; ) {
            int c = text.codePointAt(i);
            out.append(c >= 0x20 && c < 0x7f ? (char) c : '?');
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /// `type; address` of a recipient field: RFC 6533 §3 has a form for seven-bit reports, utf-8-addr-xtext.
    static String typed(MailAddress address) {
        if (!address.needsSmtpUtf8()) return "rfc822; " + address.ascii();
        var out = new StringBuilder("utf-8; ");
        address.text().codePoints().forEach(c -> appendXtext(out, c));
        return out.toString();
    }

    private static void appendXtext(StringBuilder out, int c) {
        if (c > 0x20 && c < 0x7f && c != '\\' && c != '+' && c != '=') out.append((char) c);
        else
            out.append("\\x{")
                    .append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT))
                    .append('}');
    }

    /// Quoted-printable (RFC 2045 §6.7) of text whose lines end in CR LF. A line that could be taken for a boundary or
    /// a
    /// dot begins with an escape.
    static byte[] quotedPrintable(byte[] text) {
        var out = new ByteArrayOutputStream(text.length + text.length / 8);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                out.write('\r');
                out.write('\n');
                i++;
                column = 0;
                continue;
            }
            boolean lineEnds = i + 1 == text.length || text[i + 1] == '\r';
            int width = isPlain(text[i], column == 0, lineEnds) ? 1 : 3;
            if (column + width > QP_LINE) {
                out.writeBytes(new byte[] {'=', '\r', '\n'});
                column = 0;
                width = isPlain(text[i], true, lineEnds) ? 1 : 3;
            }
            write(out, text[i], width);
            column += width;
        }
        return out.toByteArray();
    }

    private static boolean isPlain(byte b, boolean lineStarts, boolean lineEnds) {
        if (b == ' ' || b == '\t') return !lineEnds;
        if (lineStarts && (b == '-' || b == '.')) return false;
        return b > ' ' && b < 0x7f && b != '=';
    }

    private static void write(ByteArrayOutputStream out, byte b, int width) {
        if (width == 1) {
            out.write(b);
        } else {
            out.write('=');
            out.write(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
            out.write(Character.toUpperCase(Character.forDigit(b & 15, 16)));
        }
    }
}
