package io.postmesh.ingress.intake;

import io.postmesh.mail.Domain;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the domain of a From field (RFC 5322 §3.4, groups by RFC 6854).
///
/// The answer decides whose DKIM key may sign, so it is given only when no reader could see another domain: the whole
/// value must parse, and several mailboxes must share one domain. Encoded words are never decoded: they stand for
/// display names only.
final class FromField {
    private static final String SPECIALS = "()<>[]:;@\\,.\"";
    private static final int NONE = -1;

    private final String text;
    private int at;
    private @Nullable Domain found;

    private FromField(String text) {
        this.text = text;
    }

    /// @param value unfolded
    static Optional<Domain> domain(String value) {
        var field = new FromField(value);
        return field.list(false) ? Optional.ofNullable(field.found) : Optional.empty();
    }

    // address-list, or the mailbox-list of a group, which a semicolon ends.
    private boolean list(boolean inGroup) {
        while (true) {
            int c = peek();
            if (c == NONE) return !inGroup;
            if (c == ';' && inGroup) {
                at++;
                return true;
            }
            if (c == ',') at++; // §4.4: empty elements are old, and harmless
            else if (!address(inGroup)) return false;
            else if (!isEndOfAddress(peek())) return false;
        }
    }

    private static boolean isEndOfAddress(int c) {
        return c == NONE || c == ',' || c == ';';
    }

    // A bare addr-spec, or words before an angle address or a group: the first special after the words tells which.
    private boolean address(boolean inGroup) {
        int start = at;
        if (!words()) return false;
        return switch (peek()) {
            case '<' -> {
                at++;
                yield addrSpec() && eat('>');
            }
            case ':' -> {
                at++;
                yield !inGroup && list(true);
            }
            case '@' -> {
                at = start; // again, this time as a local part
                yield addrSpec();
            }
            default -> false;
        };
    }

    // phrase, with the dots of §4.1; perhaps empty.
    private boolean words() {
        while (true) {
            int c = peek();
            if (c == '.') at++;
            else if (c == NONE || c != '"' && isSpecial(c)) return at <= text.length();
            else if (!word()) return false;
        }
    }

    private boolean addrSpec() {
        if (!localPart() || !eat('@')) return false;
        var domain = dotAtom();
        var canonical = domain == null ? Optional.<Domain>empty() : Domain.parse(domain);
        if (canonical.isEmpty() || found != null && !found.equals(canonical.get())) return false;
        found = canonical.get();
        return true;
    }

    private boolean localPart() {
        do {
            int c = peek();
            if (c == NONE || c != '"' && isSpecial(c) || !word()) return false;
        } while (eat('.'));
        return true;
    }

    // Comments may stand between the labels (§4.4); a domain literal has no key and is not read.
    private @Nullable String dotAtom() {
        var domain = new StringBuilder();
        do {
            int c = peek();
            if (c == NONE || isSpecial(c)) return null;
            if (!domain.isEmpty()) domain.append('.');
            int start = at;
            if (!atom()) return null;
            domain.append(text, start, at);
        } while (eat('.'));
        return domain.toString();
    }

    private boolean word() {
        return text.charAt(at) == '"' ? quoted() : atom();
    }

    private boolean atom() {
        int start = at;
        while (at < text.length() && isAtomText(text.charAt(at))) at++;
        return at > start;
    }

    private boolean quoted() {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') at++;
            else if (c == '"') {
                at++;
                return true;
            } else if (c < ' ' && c != '\t' || c == 0x7f) return false;
        }
        return false;
    }

    private boolean eat(char special) {
        if (peek() != special) return false;
        at++;
        return true;
    }

    // The next character that means something: white space and comments, nested and with escapes, mean nothing.
    private int peek() {
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') depth++;
            else if (depth > 0 && c == ')') depth--;
            else if (depth > 0 && c == '\\') at++;
            else if (depth == 0 && c != ' ' && c != '\t') return c;
        }
        at = Math.min(at, text.length());
        return depth == 0 ? NONE : ')'; // an open comment: a special that fits nowhere
    }

    private static boolean isSpecial(int c) {
        return SPECIALS.indexOf(c) >= 0;
    }

    private static boolean isAtomText(char c) {
        return c > ' ' && c != 0x7f && !isSpecial(c);
    }
}
