package io.postmesh.signer;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Clearance;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.message.BadHeader;
import io.postmesh.message.Headers;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.StageHandler;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.trace.Names;
import io.postmesh.runtime.trace.Step;
import io.postmesh.runtime.trace.Trace;
import io.postmesh.signer.dkim.DkimSigner;
import io.postmesh.signer.keys.KeyRing;
import io.postmesh.signer.keys.SigningKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The work on one cleared record: the same record with signatures in front of its headers, and a journey step.
final class Seal implements StageHandler {
    private static final Logger log = LoggerFactory.getLogger(Seal.class);
    private static final String UNSIGNED = "unsigned";
    private static final int SHA_256 = 32;

    private final KeyRing keys;
    private final MissingKeys missing;
    private final SignerMeters meters;
    private final Trace trace;
    private final Clock clock;

    Seal(KeyRing keys, MissingKeys missing, SignerMeters meters, Trace trace, Clock clock) {
        this.keys = keys;
        this.missing = missing;
        this.meters = meters;
        this.trace = trace;
        this.clock = clock;
    }

    @Override
    public List<OutRecord> handle(InRecord in) throws BadRecord {
        var value = in.value();
        if (value == null) throw new BadRecord("a mail record has a value");
        var mail = RecordCodec.decode(value);
        var clearance = mail.envelope().clearance().orElseThrow(() -> new BadRecord("not cleared by policy"));
        try (var step = trace.follow("sign", in)) {
            step.set(Names.MAIL, mail.envelope().id().text())
                    .set(Names.RECIPIENTS, (long) mail.envelope().recipients().size());
            return seal(mail, clearance, step);
        }
    }

    private List<OutRecord> seal(MailRecord mail, Clearance clearance, Step span) throws BadRecord {
        var now = clock.instant();
        var header = span.header();
        return switch (Choice.of(mail.envelope(), keys)) {
            case Choice.Sign(var with) -> {
                var sealed = signed(mail, with, now);
                tell(mail, span, "signed", names(with));
                yield List.of(out(sealed, clearance, header), step(mail, names(with), now, header));
            }
            case Choice.Leave leave -> {
                tell(mail, span, UNSIGNED, unsigned(leave));
                meters.unsigned().count(leave.why());
                if (leave.why() == Choice.Why.NO_KEY)
                    missing.note(mail.envelope().id(), leave.domain());
                yield List.of(out(mail, clearance, header), step(mail, unsigned(leave), now, header));
            }
        };
    }

    private static void tell(MailRecord mail, Step span, String fact, String how) {
        span.set(Names.SIGNED, how);
        Fact.of(log.atInfo(), mail.envelope().id(), fact)
                .trace(span.traceId())
                .quoted("how", how)
                .field("topic", Topics.CLEARED.topic())
                .say();
    }

    private MailRecord signed(MailRecord mail, List<SigningKey> with, Instant now) throws BadRecord {
        var bodyHash = mail.envelope().content().bodyHash();
        if (bodyHash.length != SHA_256) throw new BadRecord("the body hash is not one of SHA-256");
        var headers = scan(mail);
        var fields = meters.sign(with, () -> DkimSigner.sign(headers, bodyHash, with, now));
        return new MailRecord(mail.envelope(), inFront(fields, mail.headers()), mail.body());
    }

    private static Headers scan(MailRecord mail) throws BadRecord {
        try {
            return Headers.scan(mail.headers());
        } catch (BadHeader e) {
            throw new BadRecord(mail.envelope().id() + ": its header section is none: " + e.getMessage(), e);
        }
    }

    private static Slice inFront(byte[] fields, Slice headers) {
        var both = Arrays.copyOf(fields, fields.length + headers.length());
        System.arraycopy(headers.array(), headers.offset(), both, fields.length, headers.length());
        return Slice.of(both);
    }

    // The partition policy chose, never computed again (LEDGER L2).
    private static OutRecord out(MailRecord mail, Clearance clearance, Header header) {
        return new OutRecord(Topics.SIGNED, clearance.partition(), null, RecordCodec.encode(mail), List.of(header));
    }

    private static OutRecord step(MailRecord mail, String detail, Instant now, Header header) {
        Envelope envelope = mail.envelope();
        var journey = new Journey(
                envelope.id(),
                Journey.Stage.SIGNED,
                now,
                envelope.acceptedAt(),
                envelope.sender().text(),
                envelope.recipients().stream().map(r -> r.address().text()).toList(),
                detail);
        return new OutRecord(Topics.EVENTS, null, null, LedgerCodec.encode(journey), List.of(header));
    }

    private static String names(List<SigningKey> keys) {
        return keys.stream().map(k -> k.algorithm().tag() + " " + k.dnsName()).collect(Collectors.joining(", "));
    }

    private static String unsigned(Choice.Leave leave) {
        return switch (leave.why()) {
            case NO_FROM_DOMAIN -> UNSIGNED + ": no usable From domain";
            case NOT_ALLOWED -> UNSIGNED + ": the sender rule does not allow " + leave.domain();
            case NO_KEY -> UNSIGNED + ": no key for " + leave.domain();
        };
    }
}
