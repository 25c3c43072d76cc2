package io.postmesh.ingress.intake;

import io.opentelemetry.api.common.Attributes;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Journey;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Topics;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Replies;
import io.postmesh.mail.LogText;
import io.postmesh.runtime.kafka.NotWritten;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.Written;
import io.postmesh.runtime.log.Fact;
import io.postmesh.runtime.ops.Exemplars;
import io.postmesh.runtime.trace.Names;
import io.postmesh.runtime.trace.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The moment the mail becomes ours: Kafka has it, or the client keeps it. Completes on Kafka's thread.
///
/// @param discard removes the blob of a message that certainly is not in Kafka
/// @param step    ends with the answer
record Acceptance(IntakePlan plan, Share share, long dotAt, Runnable discard, Step step) {
    private static final Logger log = LoggerFactory.getLogger(Acceptance.class);

    CompletionStage<Answer> write(Envelope envelope, byte[] value) {
        step.set(Names.MAIL, envelope.id().text())
                .set(Names.RECIPIENTS, (long) envelope.recipients().size())
                .set(Names.SYSTEM, "kafka")
                .set(Names.OPERATION, "send")
                .set(Names.TOPIC, Topics.ACCEPTED.topic())
                .set(Names.OCTETS, (long) value.length);
        step.event("sent", Attributes.empty());
        var record = new OutRecord(Topics.ACCEPTED, null, null, value, step.headers());
        return plan.mail().send(record).handle((written, failure) -> {
            share.release();
            try (step) {
                return written != null ? accepted(envelope, value.length, written) : refused(envelope, failure);
            }
        });
    }

    private Answer accepted(Envelope envelope, int recordOctets, Written written) {
        step.set(Names.PARTITION, Integer.toString(written.partition()))
                .set(Names.OFFSET, written.offset())
                .set(Names.REPLY, 250L);
        var recipients = envelope.recipients();
        var content = envelope.content();
        var took = Duration.ofNanos(System.nanoTime() - dotAt);
        Exemplars.during(
                Optional.of(step.context()),
                () -> plan.meters().accepted(recipients.size(), content.size(), recordOctets, took));
        var sender = envelope.sender().text();
        Fact.of(log.atInfo(), envelope.id(), "accepted")
                .with("from", sender, "<" + LogText.word(sender) + ">")
                .with("recipients", recipients.size())
                .with("octets", content.size())
                .with("client", clientOf(envelope))
                .with("hello", helloOf(envelope))
                .trace(step.traceId())
                .field("topic", Topics.ACCEPTED.topic())
                .say();
        note(envelope);
        return Replies.accepted(envelope.id());
    }

    private Answer refused(Envelope envelope, @Nullable Throwable failure) {
        var cause = failure instanceof CompletionException e ? e.getCause() : failure;
        step.failed("not stored");
        var why = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        Fact.of(log.atWarn(), envelope.id(), "not accepted", "not accepted: " + why)
                .field("reason", why)
                .field("trace", step.traceId())
                .say();
        if (!(cause instanceof NotWritten notWritten)) return Replies.STORE_AWAY;
        return switch (notWritten.why()) {
            case FULL -> afterDiscard(Replies.NO_MEMORY);
            case CLOSED, REFUSED -> afterDiscard(Replies.STORE_AWAY);
            case UNSURE -> Replies.STORE_AWAY; // it may be there, and then it needs its blob
        };
    }

    private Answer afterDiscard(Answer answer) {
        discard.run();
        return answer;
    }

    // For search and the terminal; the record itself is the truth, so nobody waits for this.
    private void note(Envelope envelope) {
        var addresses =
                envelope.recipients().stream().map(r -> r.address().text()).toList();
        var journey = new Journey(
                envelope.id(),
                Journey.Stage.ACCEPTED,
                envelope.acceptedAt(),
                envelope.acceptedAt(),
                envelope.sender().text(),
                addresses,
                clientOf(envelope));
        var _ = plan.notes()
                .send(new OutRecord(Topics.EVENTS, null, null, LedgerCodec.encode(journey), step.headers()));
    }

    private static String clientOf(Envelope envelope) {
        return switch (envelope.origin()) {
            case Origin.Client c -> c.ip();
            case Origin.Mesh _ -> "mesh";
        };
    }

    private static String helloOf(Envelope envelope) {
        return switch (envelope.origin()) {
            case Origin.Client c -> c.hello();
            case Origin.Mesh _ -> "";
        };
    }
}
