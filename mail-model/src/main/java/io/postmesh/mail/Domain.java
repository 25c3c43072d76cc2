package io.postmesh.mail;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;

/// A domain name in its one canonical form: lower case, A-labels, no final dot.
///
/// Access rules, DKIM, MX look-ups and limits all use this form, so they can never mean different domains.
public record Domain(String name) implements Comparable<Domain> {
    private static final int MAX_OCTETS = 253; // RFC 1035 §2.3.4, without the final dot
    private static final int MAX_LABEL = 63;

    // Non-transitional, so that "faß.example" stays another domain than "fass.example" (RFC 5891, UTS 46 §4).
    private static final class Idna {
        static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE
                | IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.USE_STD3_RULES);
    }

    public Domain {
        if (!isCanonical(name)) throw new IllegalArgumentException("not a canonical domain name");
    }

    /// The canonical form of what a person or client wrote; empty when it is no domain name.
    public static Optional<Domain> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (isCanonical(lower)) return Optional.of(new Domain(lower));
        if (text.length() > MAX_OCTETS || lower.chars().allMatch(c -> c < 0x80)) return Optional.empty();
        var info = new IDNA.Info();
        var ascii = Idna.UTS46.nameToASCII(text, new StringBuilder(), info).toString();
        return info.hasErrors() || !isCanonical(ascii) ? Optional.empty() : Optional.of(new Domain(ascii));
    }

    /// Whether this is `parent` or one of its subdomains.
    public boolean isWithin(Domain parent) {
        return name.equals(parent.name) || name.endsWith("." + parent.name);
    }

    /// The domain this one lies in; empty for a top-level domain.
    public Optional<Domain> parent() {
        int dot = name.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(new Domain(name.substring(dot + 1)));
    }

    // RFC 5321 §4.1.2: letters, digits, hyphens, not at a label's edge. Underscores occur in real host names; a mail
    // domain may not have them. A label of digits only at the end would be an IPv4 address in disguise.
    private static boolean isCanonical(String s) {
        if (s.isEmpty() || s.length() > MAX_OCTETS) return false;
        int labelStart = 0;
        boolean labelHasLetter = false;
        for (int i = 0; i <= s.length(); i++) {
            if (i == s.length() || s.charAt(i) == '.') {
                int length = i - labelStart;
                if (length < 1 || length > MAX_LABEL) return false;
                if (s.charAt(labelStart) == '-' || s.charAt(i - 1) == '-') return false;
                if (i == s.length() && !labelHasLetter) return false;
                labelStart = i + 1;
                labelHasLetter = false;
                continue;
            }
            char c = s.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && !(c >= '0' && c <= '9') && c != '-') return false;
            labelHasLetter |= letter;
        }
        return true;
    }

    @Override
    public int compareTo(Domain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
