package io.postmesh.delivery.smtp;

import io.postmesh.mail.SmtpReply;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What a remote offers, from its reply to EHLO (RFC 5321 §4.1.1.1).
///
/// @param size 0: no limit named
/// @param auth mechanisms, upper case
record Extensions(
        boolean pipelining, long size, boolean eightBitMime, boolean smtpUtf8, boolean startTls, Set<String> auth) {
    /// After HELO: nothing.
    static final Extensions NONE = new Extensions(false, 0, false, false, false, Set.of());

    private static final int MAX_AUTH = 50;

    Extensions {
        auth = Set.copyOf(auth);
    }

    static Extensions parse(SmtpReply ehlo) {
        boolean pipelining = false;
        boolean eightBitMime = false;
        boolean smtpUtf8 = false;
        boolean startTls = false;
        long size = 0;
        var auth = new TreeSet<String>();
        for (var line : ehlo.lines().subList(1, ehlo.lines().size())) { // the first is the greeting
            var keyword = keyword(line);
            var rest = line.substring(keyword.length());
            switch (keyword.toUpperCase(Locale.ROOT)) {
                case "PIPELINING" -> pipelining = true;
                case "8BITMIME" -> eightBitMime = true;
                case "SMTPUTF8" -> smtpUtf8 = true;
                case "STARTTLS" -> startTls = true;
                case "SIZE" -> size = size(rest.strip());
                case "AUTH" -> addWords(rest, auth);
                default -> {} // what we do not use
            }
        }
        return new Extensions(pipelining, size, eightBitMime, smtpUtf8, startTls, auth);
    }

    // "AUTH=LOGIN" is how some old servers write it.
    private static String keyword(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '=') end++;
        return line.substring(0, end);
    }

    private static void addWords(String text, Set<String> out) {
        int start = 0;
        for (int i = 0; i <= text.length() && out.size() < MAX_AUTH; i++) {
            if (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '=') continue;
            if (i > start) out.add(text.substring(start, i).toUpperCase(Locale.ROOT));
            start = i + 1;
        }
    }

    // RFC 1870 §4: up to 20 digits; a number we cannot read limits nothing.
    private static long size(String text) {
        if (text.isEmpty() || text.length() > 18) return 0;
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return 0;
            value = value * 10 + digit;
        }
        return value;
    }
}
