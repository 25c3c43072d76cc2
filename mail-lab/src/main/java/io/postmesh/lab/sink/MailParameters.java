package io.postmesh.lab.sink;

import io.postmesh.mail.SmtpReply;
import java.util.Locale;
import java.util.Optional;

/// The parameters of MAIL: only those of announced extensions are taken (RFC 5321 §4.1.1.11).
final class MailParameters {
    private MailParameters() {}

    static Optional<SmtpReply> refusal(Transaction.Path path, SinkOptions options) {
        boolean utf8 = false;
        for (var parameter : path.parameters()) {
            var word = parameter.toUpperCase(Locale.ROOT);
            if (tooBig(word, options)) return Optional.of(SmtpReply.of(552, "5.3.4 Message too big"));
            if (!isKnown(word, options)) return Optional.of(SmtpReply.of(555, "5.5.4 Parameter not recognised"));
            utf8 |= word.equals("SMTPUTF8");
        }
        boolean ascii = path.address().chars().allMatch(c -> c < 0x80);
        // RFC 6531 §3.5: an address that is not ASCII needs the parameter.
        return ascii || utf8 ? Optional.empty() : Optional.of(SmtpReply.of(553, "5.6.7 Address is not ASCII"));
    }

    private static boolean isKnown(String word, SinkOptions options) {
        return switch (word) {
            case "SMTPUTF8" -> options.offers(Extension.SMTPUTF8);
            case "BODY=7BIT", "BODY=8BITMIME" -> options.offers(Extension.EIGHT_BIT_MIME);
            default ->
                options.offers(Extension.SIZE) && word.matches("SIZE=[0-9]{1,20}")
                        || options.user.isPresent() && word.startsWith("AUTH=");
        };
    }

    // RFC 1870 §6.1: refused before the octets travel.
    private static boolean tooBig(String word, SinkOptions options) {
        if (!options.offers(Extension.SIZE) || !word.matches("SIZE=[0-9]{1,18}")) return false;
        return Long.parseLong(word.substring(5)) > options.sizeLimit;
    }
}
