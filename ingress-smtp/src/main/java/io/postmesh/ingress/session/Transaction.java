package io.postmesh.ingress.session;

import io.postmesh.mail.MailAddress;
import java.util.ArrayList;
import java.util.List;

/// One mail transaction: the envelope as the client gave it (RFC 5321 §3.3).
public record Transaction(Hello hello, Command.MailFrom mail, List<MailAddress> recipients) {
    public Transaction {
        recipients = List.copyOf(recipients);
    }

    /// Octets of all recipients' addresses.
    int recipientOctets() {
        return recipients.stream().mapToInt(to -> to.text().length()).sum(); // ASCII, but for SMTPUTF8: near enough
    }

    /// The same with one more recipient; one named twice gets one copy.
    Transaction with(MailAddress recipient) {
        if (recipients.contains(recipient)) return this;
        var more = new ArrayList<MailAddress>(recipients.size() + 1);
        more.addAll(recipients);
        more.add(recipient);
        return new Transaction(hello, mail, more);
    }
}
