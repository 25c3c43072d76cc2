package io.postmesh.ingress.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Hello;
import io.postmesh.ingress.session.Transaction;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The fields put in front of a message at the door.
final class TraceField {
    // RFC 5322 §3.3, always in UTC.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private TraceField() {}

    /// `Received:` (RFC 5321 §4.4), then what the sender left out (RFC 6409 §8.2, §8.3).
    static byte[] prefix(
            MailId id, Instant now, String ourName, Client client, Transaction transaction, HeaderFacts facts) {
        var date = DATE.format(now);
        var out = new StringBuilder(256);
        var hello = transaction.hello();
        out.append("Received: from ").append(hello.name());
        out.append(" (").append(literal(client.ip())).append(")\r\n\tby ").append(ourName);
        out.append(" (Postmesh) with ")
                .append(protocol(hello, transaction.mail().smtpUtf8()));
        out.append(" id ").append(id.text()).append(";\r\n\t").append(date).append("\r\n");
        if (!facts.hasDate()) out.append("Date: ").append(date).append("\r\n");
        if (facts.messageId().isEmpty()) {
            out.append("Message-ID: ").append(messageId(id, ourName)).append("\r\n");
        }
        return out.toString().getBytes(US_ASCII);
    }

    static String messageId(MailId id, String ourName) {
        return "<" + id.text() + "@" + ourName + ">";
    }

    // RFC 3848 and RFC 6531 §4.3.
    private static String protocol(Hello hello, boolean smtpUtf8) {
        if (smtpUtf8) return "UTF8SMTP";
        return hello.extended() ? "ESMTP" : "SMTP";
    }

    private static String literal(String ip) {
        return ip.indexOf(':') < 0 ? "[" + ip + "]" : "[IPv6:" + ip + "]";
    }
}
