package io.postmesh.delivery.bounce;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.dkim.BodyHash;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.StageHandler;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.trace.Names;
import io.postmesh.runtime.trace.Trace;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns final failures into reports to the sender, by the front door: a report is mail like any, and policy and
/// signer treat it so.
public final class BounceService implements StageHandler {
    private static final Logger log = LoggerFactory.getLogger(BounceService.class);

    private final BounceWriter writer;
    private final Supplier<Placement> latest;
    private final Trace trace;
    private final Counter written;
    private final Counter silent;

    /// @param latest for reports on failures of a version that did not say how they were placed
    public BounceService(BounceWriter writer, Supplier<Placement> latest, Trace trace, MeterRegistry meters) {
        this.writer = writer;
        this.latest = latest;
        this.trace = trace;
        this.written = Counter.builder("postmesh_bounces_written_total")
                .description("Failure reports handed to the front door. Rising fast: look at the failures' reasons.")
                .register(meters);
        this.silent = Counter.builder("postmesh_bounces_withheld_total")
                .description("Failures nobody was told of: null sender, a report's own failure, an untrusted client.")
                .register(meters);
    }

    @Override
    public List<OutRecord> handle(InRecord record) throws BadRecord {
        if (record.value() == null) throw new BadRecord("an outcome without a value");
        var outcome = LedgerCodec.outcome(record.value());
        if (outcome.kind() != Outcome.Kind.FAILED) return List.of();
        var sender = addressee(outcome);
        if (sender.isEmpty()) {
            silent.increment();
            return List.of();
        }
        var mail = mail(outcome, sender.get());
        written.increment();
        try (var step = trace.because("report", record)) {
            Fact.of(log.atInfo(), mail.envelope().id(), "report", "reports the failure of " + outcome.id())
                    .field("about", outcome.id().text())
                    .trace(step.traceId())
                    .say();
            step.set(Names.MAIL, mail.envelope().id().text())
                    .set(Names.REPORTED, outcome.id().text());
            return List.of(new OutRecord(Topics.ACCEPTED, null, null, RecordCodec.encode(mail), step.headers()));
        }
    }

    /// Who is told. Never a null sender and never about a report: that is how loops begin (RFC 5321 §4.5.5, §6.1).
    /// Never a stranger's word for who sent it: that is backscatter.
    private static Optional<MailAddress> addressee(Outcome outcome) {
        var failure = outcome.what().failure().orElseThrow();
        if (outcome.about().sender().isEmpty() || failure.fromMesh() || !failure.trusted()) return Optional.empty();
        return MailAddress.parse(outcome.about().sender());
    }

    // The facts ingress would have learned at the door.
    private MailRecord mail(Outcome outcome, MailAddress sender) {
        var bounce = writer.write(outcome, sender);
        var hash = new BodyHash();
        hash.update(bounce.body(), 0, bounce.body().length);
        var content = new Content(
                bounce.headers().length + (long) bounce.body().length,
                hash.digest(),
                new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), bounce.body().length),
                bounce.utf8(),
                bounce.utf8(),
                Domain.parse(writer.hostName()),
                "<" + bounce.id().id() + "@" + writer.hostName() + ">");
        var envelope = new Envelope(
                bounce.id().id(),
                outcome.at(),
                outcome.what().failure().orElseThrow().placement().orElseGet(latest),
                ReversePath.NULL,
                List.of(new Recipient(0, sender)),
                new Origin.Mesh(outcome.id()),
                content,
                Optional.empty());
        return new MailRecord(envelope, Slice.of(bounce.headers()), Slice.of(bounce.body()));
    }
}
