package io.postmesh.mail;

import java.util.Optional;

/// A status code of RFC 3463: class, subject, detail.
public record EnhancedStatus(int klass, int subject, int detail) {
    public EnhancedStatus {
        if (klass != 2 && klass != 4 && klass != 5) throw new IllegalArgumentException("class: 2, 4 or 5");
        if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("subject and detail: 0 to 999");
        }
    }

    /// Reads a code at the very start of a reply line, ended by a space or the end; empty when there is none.
    public static Optional<EnhancedStatus> parsePrefix(String line) {
        int end = line.indexOf(' ');
        var code = end < 0 ? line : line.substring(0, end);
        if (code.length() < 5 || code.length() > 9 || code.charAt(1) != '.') return Optional.empty();
        int dot = code.indexOf('.', 2);
        char klass = code.charAt(0);
        if (dot < 0 || klass != '2' && klass != '4' && klass != '5') return Optional.empty();
        int subject = number(code, 2, dot);
        int detail = number(code, dot + 1, code.length());
        if (subject < 0 || detail < 0) return Optional.empty();
        return Optional.of(new EnhancedStatus(klass - '0', subject, detail));
    }

    private static int number(String s, int from, int to) {
        if (to <= from || to - from > 3) return -1;
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = s.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String toString() {
        return klass + "." + subject + "." + detail;
    }
}
