package io.postmesh.delivery.smtp;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.mail.MailAddress;
import java.util.List;
import java.util.Optional;

/// MAIL and RCPT for one remote: what it can take, and in what form. Pure.
///
/// @param utf8 addresses go as their owners write them (RFC 6531); else domains go as A-labels
record EnvelopeLines(Job job, Extensions extensions, long size, boolean utf8) {
    static EnvelopeLines of(Job job, List<Recipient> recipients, Extensions extensions) {
        boolean wanted = job.envelope().content().smtpUtf8()
                || senderNeedsUtf8(job)
                || recipients.stream().anyMatch(to -> to.address().needsSmtpUtf8());
        long size = job.headers().length() + job.envelope().content().body().size();
        return new EnvelopeLines(job, extensions, size, wanted && extensions.smtpUtf8());
    }

    /// Why this remote cannot have the mail at all, before it is asked: bodies are never converted, so waiting will not
    /// help.
    Optional<Verdict> objection() {
        var content = job.envelope().content();
        if (extensions.size() > 0 && size > extensions.size()) return objection(Reason.TOO_LARGE); // RFC 1870 §6.1
        if ((content.smtpUtf8() || senderNeedsUtf8(job)) && !utf8) return objection(Reason.NEEDS_SMTPUTF8);
        if (content.eightBit() && !extensions.eightBitMime()) return objection(Reason.NEEDS_8BITMIME); // RFC 6152 §3
        return Optional.empty();
    }

    private static Optional<Verdict> objection(Reason reason) {
        return Optional.of(new Verdict.Failed(reason, Optional.empty(), Scope.MESSAGE));
    }

    /// Why this remote cannot be told this recipient.
    Optional<Verdict> objection(Recipient to) {
        if (utf8 || !to.address().needsSmtpUtf8()) return Optional.empty();
        return Optional.of(new Verdict.Failed(Reason.NEEDS_SMTPUTF8, Optional.empty(), Scope.RECIPIENT));
    }

    String mail() {
        var line = new StringBuilder(80).append("MAIL FROM:<");
        job.envelope().sender().mailbox().ifPresent(from -> line.append(path(from)));
        line.append('>');
        if (extensions.size() > 0) line.append(" SIZE=").append(size);
        if (job.envelope().content().eightBit()) line.append(" BODY=8BITMIME");
        if (utf8) line.append(" SMTPUTF8");
        return line.append("\r\n").toString();
    }

    String rcpt(Recipient to) {
        return "RCPT TO:<" + path(to.address()) + ">\r\n";
    }

    private String path(MailAddress address) {
        var text = utf8 || isAscii(address.text()) ? address.text() : address.ascii();
        // Addresses were checked when they became addresses. A line of SMTP made of one that was not would be ours.
        if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f))
            throw new IllegalArgumentException("a control character");
        return text;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean senderNeedsUtf8(Job job) {
        return job.envelope()
                .sender()
                .mailbox()
                .filter(MailAddress::needsSmtpUtf8)
                .isPresent();
    }
}
