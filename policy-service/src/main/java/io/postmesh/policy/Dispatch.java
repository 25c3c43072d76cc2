package io.postmesh.policy;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Tag;
import io.postmesh.contract.Topics;
import io.postmesh.mail.Domain;
import io.postmesh.message.BadHeader;
import io.postmesh.message.Headers;
import io.postmesh.policy.judge.Ruling;
import io.postmesh.policy.split.Consignment;
import io.postmesh.policy.split.Splitter;
import io.postmesh.runtime.kafka.OutRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/// Sends a cleared mail on: one record for each next hop.
final class Dispatch {
    private final Splitter splitter;
    private final BodyShelf shelf;
    private final PolicyMeters meters;

    Dispatch(Splitter splitter, BodyShelf shelf, PolicyMeters meters) {
        this.splitter = splitter;
        this.shelf = shelf;
        this.meters = meters;
    }

    /// What the judge grants; the same for every next hop.
    record Terms(Ruling by, Optional<Domain> signAs, Optional<Instant> notBefore, Optional<Reason> reason) {}

    List<OutRecord> send(MailRecord mail, Terms terms, List<Header> headers) throws IOException {
        var consignments = splitter.split(mail.envelope());
        var source = mail;
        if (BodyShelf.isShared(consignments.size(), mail.body().length())) {
            source = shelf.shelve(mail);
            meters.shelved.increment();
        }
        var records = new ArrayList<OutRecord>(consignments.size() + 1);
        var tag = tag(mail);
        for (var consignment : consignments) records.add(record(source, consignment, terms, tag, headers));
        meters.cleared.increment(records.size());
        return records;
    }

    // Read once, here: later rooms select by it without looking into the mail.
    private static Optional<Tag> tag(MailRecord mail) {
        try {
            return Tag.of(Headers.scan(mail.headers()));
        } catch (BadHeader none) {
            return Optional.empty();
        }
    }

    private static OutRecord record(
            MailRecord mail, Consignment to, Terms terms, Optional<Tag> tag, List<Header> headers) {
        var clearance = new Clearance(
                to.route(),
                to.destination(),
                to.partition(),
                terms.by().rule(),
                terms.by().version(),
                terms.notBefore(),
                terms.reason().map(Reason::name),
                terms.signAs(),
                tag);
        var cleared = new MailRecord(mail.envelope().cleared(to.recipients(), clearance), mail.headers(), mail.body());
        var payload = new OutRecord.Payload.Mail(RecordCodec.lay(cleared));
        return new OutRecord(Topics.CLEARED, to.partition(), null, payload, headers);
    }
}
