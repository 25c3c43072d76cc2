package io.postmesh.ingress.session;

import io.postmesh.ingress.session.Command.*;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// MAIL and RCPT: a path in angle brackets, then parameters (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2).
final class PathCommand {
    private static final int MAX_SIZE_DIGITS = 20; // RFC 1870 §5

    private PathCommand() {}

    static Command mail(String rest) {
        var split = Split.of(rest, "FROM:");
        if (split == null) return new Malformed(Replies.BAD_MAIL);
        var path = split.path();
        if (path.isEmpty()) return mail(ReversePath.NULL, split.parameters());
        var address = MailAddress.parse(path);
        if (address.isPresent()) return mail(ReversePath.of(address.get()), split.parameters());
        return new Malformed(path.indexOf('@') < 0 ? Replies.SENDER_NOT_QUALIFIED : Replies.BAD_SENDER);
    }

    private static Command mail(ReversePath sender, List<String> parameters) {
        long size = -1;
        boolean smtpUtf8 = false;
        var seen = new HashSet<String>();
        for (var parameter : parameters) {
            int equals = parameter.indexOf('=');
            var name = (equals < 0 ? parameter : parameter.substring(0, equals)).toUpperCase(Locale.ROOT);
            var value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (!seen.add(name)) return new Malformed(Replies.BAD_PARAMETER);
            switch (name) {
                case "SIZE" -> {
                    size = size(value);
                    if (size < 0) return new Malformed(Replies.BAD_PARAMETER);
                }
                case "BODY" -> {
                    // What the body holds is seen when it comes; BINARYMIME (RFC 3030) needs BDAT.
                    if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
                        return new Malformed(Replies.BAD_PARAMETER);
                    }
                }
                case "SMTPUTF8" -> {
                    if (equals >= 0) return new Malformed(Replies.BAD_PARAMETER); // RFC 6531 §3.4: no value
                    smtpUtf8 = true;
                }
                default -> {
                    return new Malformed(Replies.UNKNOWN_PARAMETER);
                }
            }
        }
        return new MailFrom(sender, size, smtpUtf8);
    }

    // More than a long holds is more than anyone takes.
    private static long size(String digits) {
        if (digits.isEmpty() || digits.length() > MAX_SIZE_DIGITS) return -1;
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }

    static Command rcpt(String rest) {
        var split = Split.of(rest, "TO:");
        if (split == null) return new Malformed(Replies.BAD_RCPT);
        if (!split.parameters().isEmpty()) return new Malformed(Replies.UNKNOWN_PARAMETER);
        var address = MailAddress.parse(split.path());
        return address.isPresent() ? new RcptTo(address.get()) : new Malformed(wrongRecipient(split.path()));
    }

    private static Answer wrongRecipient(String path) {
        if (!path.isEmpty() && path.indexOf('@') < 0) return Replies.NOT_QUALIFIED;
        return path.endsWith("]") ? Replies.ADDRESS_LITERAL : Replies.BAD_RECIPIENT;
    }
}
