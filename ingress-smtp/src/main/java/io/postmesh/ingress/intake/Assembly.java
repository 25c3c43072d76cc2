package io.postmesh.ingress.intake;

import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Slice;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Transaction;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the record of a message: the envelope, our fields, the sender's header section untouched, the body as stored.
record Assembly(String ourName, Client client, Transaction transaction, HeaderFacts facts) {

    MailRecord record(
            MailId id,
            Instant now,
            Placement placement,
            Slice header,
            Body.Stored body,
            byte[] bodyHash,
            boolean eightBitHeader,
            boolean eightBitBody) {
        var headers = prepend(TraceField.prefix(id, now, ourName, client, transaction, facts), header);
        var content = new Content(
                headers.length() + body.ref().size(),
                bodyHash,
                body.ref(),
                eightBitHeader || eightBitBody,
                needsSmtpUtf8(eightBitHeader),
                facts.fromDomain(),
                facts.messageId().orElseGet(() -> TraceField.messageId(id, ourName)));
        var envelope = new Envelope(
                id,
                now,
                placement,
                transaction.mail().sender(),
                recipients(),
                new Origin.Client(client.ip(), transaction.hello().name(), client.trusted()),
                content,
                Optional.empty());
        return new MailRecord(envelope, headers, body.bytes());
    }

    // RFC 6531 §3.6: the message was submitted as internationalised and really is. What only some recipients' addresses
    // need is seen in those addresses.
    private boolean needsSmtpUtf8(boolean eightBitHeader) {
        var mail = transaction.mail();
        return mail.smtpUtf8()
                && (eightBitHeader
                        || mail.sender()
                                .mailbox()
                                .filter(MailAddress::needsSmtpUtf8)
                                .isPresent());
    }

    private List<Recipient> recipients() {
        var addresses = transaction.recipients();
        var recipients = new ArrayList<Recipient>(addresses.size());
        for (int i = 0; i < addresses.size(); i++) recipients.add(new Recipient(i, addresses.get(i)));
        return recipients;
    }

    private static Slice prepend(byte[] prefix, Slice header) {
        var all = new byte[prefix.length + header.length()];
        System.arraycopy(prefix, 0, all, 0, prefix.length);
        System.arraycopy(header.array(), header.offset(), all, prefix.length, header.length());
        return Slice.of(all);
    }
}
