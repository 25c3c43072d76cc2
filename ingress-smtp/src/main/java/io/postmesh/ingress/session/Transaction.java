package io.postmesh.ingress.session;

import io.postmesh.mail.MailAddress;
import java.util.ArrayList;
import java.util.List;

/// One mail transaction: the envelope as the client gave it (RFC 5321 §3.3).
///
/// @param recipientOctets of all recipients' addresses, counted as they come
public record Transaction(Hello hello, Command.MailFrom mail, List<MailAddress> recipients, int recipientOctets) {
    public Transaction {
        recipients = List.copyOf(recipients);
    }

    /// Nobody is named yet.
    static Transaction begin(Hello hello, Command.MailFrom mail) {
        return new Transaction(hello, mail, List.of(), 0);
    }

    /// The same with one more recipient; one named twice gets one copy.
    Transaction with(MailAddress recipient) {
        if (recipients.contains(recipient)) return this;
        var more = new ArrayList<MailAddress>(recipients.size() + 1);
        more.addAll(recipients);
        more.add(recipient);
        int octets = recipientOctets + recipient.text().length(); // ASCII, but for SMTPUTF8: near enough
        return new Transaction(hello, mail, more, octets);
    }
}
