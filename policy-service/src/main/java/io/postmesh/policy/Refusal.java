package io.postmesh.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.rules.SenderRule;
import io.postmesh.policy.split.Consignment;
import io.postmesh.policy.split.Splitter;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.Quarantine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/// What becomes of mail that a rule refuses after its 250.
///
/// A sender is told only when a trusted client used one of our own domains; to anybody else a report would be
/// backscatter (RFC 5321 §6.2), and the mail is kept in quarantine instead.
record Refusal(Splitter splitter, SenderRule senders) {
    boolean isReported(Envelope mail) {
        return mail.origin() instanceof Origin.Client client
                && client.trusted()
                && mail.sender().domain().filter(senders::allows).isPresent();
    }

    /// One failure for each consignment that would have been, in the partition it would have had: the ledger's owner
    /// finds these recipients final there, even if another version of the rules clears the mail later.
    List<OutRecord> report(MailRecord mail, SmtpReply reply, Instant at, List<Header> headers) {
        var records = new ArrayList<OutRecord>();
        var key = mail.envelope().id().text().getBytes(UTF_8);
        for (var consignment : splitter.split(mail.envelope())) {
            var outcome = LedgerCodec.encode(failed(mail, consignment, reply, at));
            records.add(new OutRecord(Topics.OUTCOMES, consignment.partition(), key, outcome, headers));
        }
        return records;
    }

    private static Outcome failed(MailRecord mail, Consignment to, SmtpReply reply, Instant at) {
        var envelope = mail.envelope();
        var positions = to.positions();
        var failure = new Outcome.Failure(mail.headers().toBytes(), false, true, Optional.of(envelope.placement()));
        return new Outcome(
                new Outcome.About(
                        envelope.id(),
                        RecordId.of(envelope.id(), positions),
                        Arrays.stream(positions).boxed().toList(),
                        to.recipients().stream()
                                .map(Recipient::address)
                                .map(Object::toString)
                                .toList(),
                        envelope.sender().text(),
                        envelope.acceptedAt(),
                        to.destination(),
                        false),
                Outcome.What.failed(failure),
                Outcome.Cause.of(Reason.POLICY),
                new Outcome.By("policy", 0, 0), // nobody was asked
                new Outcome.Heard(Optional.of(reply), "", ""),
                at);
    }

    /// The raw record and why; an operator may look at it, and release it.
    OutRecord quarantined(InRecord in, Envelope mail, String reason, List<Header> trace) {
        var kept = Quarantine.of(in, "policy", reason);
        var headers = new ArrayList<>(kept.headers());
        headers.addAll(trace);
        return new OutRecord(kept.topic(), kept.partition(), mail.id().text().getBytes(UTF_8), kept.value(), headers);
    }
}
