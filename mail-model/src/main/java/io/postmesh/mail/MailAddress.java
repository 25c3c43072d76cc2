package io.postmesh.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// A mailbox: what the client wrote, for the wire, and its canonical domain, for every decision.
///
/// @param text   the bytes between `<` and `>` as the client sent them
/// @param local  the local part as written, quotes included
/// @param domain the canonical domain
public record MailAddress(String text, String local, Domain domain) {
    private static final int MAX_LOCAL = 64; // RFC 5321 §4.5.3.1.1
    private static final int MAX_PATH = 254; // RFC 5321 §4.5.3.1.3, without the angle brackets

    public MailAddress {
        if (local.isEmpty() || !fits(local, MAX_LOCAL))
            throw new IllegalArgumentException("local part: 1 to 64 octets");
        if (!fits(text, MAX_PATH)) throw new IllegalArgumentException("address: 254 octets at most");
        if (!text.startsWith(local) || text.length() < local.length() + 2 || text.charAt(local.length()) != '@') {
            throw new IllegalArgumentException("address: local@domain");
        }
        // Whoever writes an address into a command must not be able to start another one with it.
        if (!isOneLine(text)) throw new IllegalArgumentException("address: no control characters");
    }

    /// Reads `local@domain`; the domain may be internationalised, the local part quoted. Empty when it is no mailbox.
    ///
    /// Refused on purpose: source routes, address literals, comments, control characters (RFC 5321 §4.1.2;
    /// misrouting attacks are made of them, and no transactional sender uses them).
    public static Optional<MailAddress> parse(String text) {
        int at = text.startsWith("\"") ? endOfQuoted(text) : endOfDotString(text);
        if (at < 1 || at >= text.length() || text.charAt(at) != '@') return Optional.empty();
        var local = text.substring(0, at);
        if (!fits(local, MAX_LOCAL) || !fits(text, MAX_PATH) || !isOneLine(text)) return Optional.empty();
        return Domain.parse(text.substring(at + 1)).map(domain -> new MailAddress(text, local, domain));
    }

    /// Whether the address can only travel with SMTPUTF8 (RFC 6531): its local part is not ASCII.
    public boolean needsSmtpUtf8() {
        return local.chars().anyMatch(c -> c > 0x7f);
    }

    /// The address for a next hop without SMTPUTF8: the local part as written, the domain as A-labels.
    public String ascii() {
        return local + "@" + domain.name();
    }

    // Dot-string: atoms with single dots between. Returns the index after it, or -1.
    private static int endOfDotString(String s) {
        int i = 0;
        boolean afterDot = true;
        for (; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '.') {
                if (afterDot) return -1;
                afterDot = true;
            } else if (isAtomText(c)) {
                afterDot = false;
            } else {
                break;
            }
        }
        return afterDot ? -1 : i;
    }

    // Quoted-string: printable, backslash escapes one character. Returns the index after the closing quote, or -1.
    private static int endOfQuoted(String s) {
        for (int i = 1; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"') return i > 1 ? i + 1 : -1;
            if (c == '\\') {
                i++;
                if (i >= s.length() || s.charAt(i) < 0x20 || s.charAt(i) > 0x7e) return -1;
            }
        }
        return -1;
    }

    private static boolean isAtomText(char c) {
        if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') return true;
        if (c > 0x7f) return !Character.isWhitespace(c) && !Character.isSpaceChar(c);
        return "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    // UTF-16 without controls (C0, DEL, C1), line separators and half surrogates: what UTF-8 carries and keeps.
    private static boolean isOneLine(String s) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c < 0x20 || c >= 0x7f && c <= 0x9f || c == 0x2028 || c == 0x2029) return false;
            if (!Character.isSurrogate(c)) continue;
            if (i + 1 == s.length() || !Character.isSurrogatePair(c, s.charAt(i + 1))) return false;
            i++;
        }
        return true;
    }

    private static boolean fits(String s, int octets) {
        return 3 * s.length() <= octets || s.getBytes(UTF_8).length <= octets;
    }

    @Override
    public String toString() {
        return text;
    }
}
