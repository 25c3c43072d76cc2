package io.postmesh.delivery.bounce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.OwnStatus;
import io.postmesh.mail.EnhancedStatus;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.SmtpReply;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Writes the report on one final failure: a multipart/report (RFC 6522) of words for a person, fields for a machine
/// (RFC 3464) and the failed mail's header section. The same failure makes the same bytes (LEDGER L4).
///
/// @param hostName ours: the reporting MTA, and the domain of MAILER-DAEMON
public record BounceWriter(String hostName) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final int MAX_QUOTED = 64 << 10;
    private static final int MAX_WORDS = 800; // below the 998 of RFC 5322 §2.1.1, field name included

    /// @param headers ends with the empty line
    /// @param body    seven-bit, lines in CR LF
    /// @param utf8    the sender's own address has to stand in `To`, and needs SMTPUTF8
    public record Bounce(DerivedId id, byte[] headers, byte[] body, boolean utf8) {
        /// Equal when the bytes are.
        @Override
        public boolean equals(Object other) {
            return other instanceof Bounce b && Arrays.equals(headers, b.headers) && Arrays.equals(body, b.body);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(body);
        }
    }

    /// @param outcome a failure; see [BounceService] for who gets a report at all
    public Bounce write(Outcome outcome, MailAddress sender) {
        var id = DerivedId.of(outcome);
        boolean utf8 = sender.needsSmtpUtf8();
        return new Bounce(
                id,
                headers(id, outcome, utf8 ? sender.text() : sender.ascii()).getBytes(UTF_8),
                body(id, outcome),
                utf8);
    }

    // RFC 3834 §5: marked as automatic, so that no answering machine answers it.
    private String headers(DerivedId id, Outcome outcome, String to) {
        return "From: Mail Delivery System <" + from() + ">\r\n"
                + "To: <" + to + ">\r\n"
                + "Subject: Undelivered mail: returned to sender\r\n"
                + "Date: " + date(outcome.at()) + "\r\n"
                + "Message-ID: <" + id.id() + "@" + hostName + ">\r\n"
                + "Auto-Submitted: auto-replied\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                + "\tboundary=\"" + id.boundary() + "\"\r\n"
                + "\r\n";
    }

    /// The address reports come from, in the header; the envelope's sender is null (RFC 5321 §4.5.5).
    public String from() {
        return "MAILER-DAEMON@" + hostName;
    }

    private byte[] body(DerivedId id, Outcome outcome) {
        var out = new ByteArrayOutputStream();
        part(out, id, "text/plain; charset=utf-8", true, words(outcome).getBytes(UTF_8));
        part(out, id, "message/delivery-status", false, fields(outcome).getBytes(UTF_8));
        part(out, id, "text/rfc822-headers; charset=utf-8", true, quoted(outcome));
        out.writeBytes(("--" + id.boundary() + "--\r\n").getBytes(UTF_8));
        return out.toByteArray();
    }

    // RFC 6522 §3, RFC 2046 §5.2: message/* is never encoded, text is, whatever it holds.
    private static void part(ByteArrayOutputStream out, DerivedId id, String type, boolean encoded, byte[] content) {
        var encoding = encoded ? "quoted-printable" : "7bit";
        var head = "--" + id.boundary() + "\r\n"
                + "Content-Type: " + type + "\r\n"
                + "Content-Transfer-Encoding: " + encoding + "\r\n"
                + "\r\n";
        out.writeBytes(head.getBytes(UTF_8));
        out.writeBytes(encoded ? Ascii.quotedPrintable(content) : content);
        out.writeBytes(new byte[] {'\r', '\n'}); // belongs to the boundary that follows
    }

    private String words(Outcome outcome) {
        var out = new StringBuilder("This is the mail system at " + hostName + ".\r\n\r\n")
                .append("Your message could not be delivered to:\r\n\r\n");
        for (var to : outcome.recipients()) out.append("    <").append(to).append(">\r\n");
        out.append("\r\n").append(why(outcome)).append("\r\n");
        outcome.reply().ifPresent(reply -> appendReply(out, outcome.heard().remote(), reply));
        return out.append("\r\nIt will not be tried again. The header section of your message is attached.\r\n")
                .toString();
    }

    private static void appendReply(StringBuilder out, String remote, SmtpReply reply) {
        out.append(remote.isEmpty() ? "The last answer was:" : "The host " + Ascii.line(remote, 300) + " said:")
                .append("\r\n\r\n    ")
                .append(reply.text())
                .append("\r\n");
    }

    private static String why(Outcome outcome) {
        return switch (outcome.reason()) {
            case EXPIRED -> expired(outcome);
            case BOUNCED ->
                "An operator of this system gave it up" + reason(outcome.cause().note());
            case POLICY -> "A rule of this system does not allow it.";
            case NO_SUCH_DOMAIN -> "The domain does not exist.";
            case NULL_MX -> "The domain says that it takes no mail.";
            case NO_HOST -> "The domain has no host that takes mail.";
            case TLS -> "The connection could not be secured as required.";
            case NEEDS_SMTPUTF8 -> "The remote host does not take internationalised addresses.";
            case NEEDS_8BITMIME -> "The remote host does not take 8-bit mail.";
            case TOO_LARGE -> "The message is larger than the remote host takes.";
            case BLOB_MISSING, BLOB_DAMAGED ->
                tried(outcome) + " This system has lost its content; no remote host is to blame.";
            case INTERNAL -> tried(outcome) + " A fault of this system kept it here; no remote host is to blame.";
            default -> "The remote host refused it.";
        };
    }

    private static String expired(Outcome outcome) {
        boolean silent = outcome.by().attempt() > 0 && outcome.reply().isEmpty();
        return tried(outcome) + (silent ? " The last attempt ended without a reply." : "");
    }

    private static String tried(Outcome outcome) {
        return switch (outcome.by().attempt()) {
            case 0 -> "Its time was up before it could be tried.";
            case 1 -> "It was tried once before its time was up.";
            default -> "It was tried " + outcome.by().attempt() + " times until its time was up.";
        };
    }

    // What the operator wrote, not who it was.
    private static String reason(String note) {
        int colon = note.indexOf(": ");
        return colon < 0 ? "." : ": " + Ascii.line(note.substring(colon + 2), MAX_WORDS);
    }

    // RFC 3464 §2.2 (the message), §2.3 (each recipient).
    private String fields(Outcome outcome) {
        var out = new StringBuilder("Reporting-MTA: dns; " + hostName + "\r\n")
                .append("Arrival-Date: ")
                .append(date(outcome.about().acceptedAt()))
                .append("\r\n")
                .append("X-Postmesh-Mail-ID: ") // extensions come last
                .append(outcome.id())
                .append("\r\n");
        for (var recipient : outcome.recipients()) appendRecipient(out, outcome, recipient);
        return out.toString();
    }

    private static void appendRecipient(StringBuilder out, Outcome outcome, String recipient) {
        var typed = MailAddress.parse(recipient).map(Ascii::typed).orElse("rfc822; " + Ascii.line(recipient, 300));
        out.append("\r\nFinal-Recipient: ")
                .append(typed)
                .append("\r\nAction: failed\r\nStatus: ")
                .append(status(outcome))
                .append("\r\n");
        if (!outcome.heard().remote().isEmpty() && !outcome.reason().isOurs()) {
            out.append("Remote-MTA: dns; ")
                    .append(Ascii.line(host(outcome.heard().remote()), 255))
                    .append("\r\n");
        }
        outcome.reply()
                .ifPresent(reply -> out.append("Diagnostic-Code: smtp; ")
                        .append(Ascii.line(reply.text(), MAX_WORDS))
                        .append("\r\n"));
        out.append("Last-Attempt-Date: ").append(date(outcome.at())).append("\r\n");
    }

    // The remote's own code when it fits the failure; else ours. RFC 3463: X.4.7 is "delivery time expired".
    private static EnhancedStatus status(Outcome outcome) {
        var own = outcome.reason() == Reason.EXPIRED
                ? OwnStatus.persistentTransient(Reason.EXPIRED)
                : OwnStatus.permanent(outcome.reason());
        if (outcome.reason() == Reason.EXPIRED) return own;
        Optional<EnhancedStatus> theirs =
                outcome.reply().flatMap(SmtpReply::status).filter(s -> s.klass() == 5);
        return theirs.orElse(own);
    }

    private static String host(String remote) {
        int bracket = remote.indexOf('[');
        return bracket > 0 ? remote.substring(0, bracket) : remote;
    }

    // Up to the last whole line that fits.
    private static byte[] quoted(Outcome outcome) {
        var headers = outcome.what().failure().orElseThrow().headers();
        int end = headers.length;
        if (end > MAX_QUOTED) {
            end = MAX_QUOTED;
            while (end > 0 && headers[end - 1] != '\n') end--;
        }
        return Arrays.copyOf(headers, end);
    }

    private static String date(Instant at) {
        return DATE.format(at.atOffset(ZoneOffset.UTC));
    }
}
