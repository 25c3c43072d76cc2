package io.postmesh.delivery.owner;

import io.opentelemetry.api.common.Attributes;
import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.outcome.Witness;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.trace.Names;
import io.postmesh.runtime.trace.Parent;
import io.postmesh.runtime.trace.Trace;
import java.util.Locale;
import java.util.Optional;

/// One attempt as a span: what was heard, step by step, and what came of it. The first follows the message; one after a
/// wait is a trace of its own, linked to the message's.
final class AttemptSpan implements Witness, AutoCloseable {
    private final io.postmesh.runtime.trace.Step span;

    private AttemptSpan(io.postmesh.runtime.trace.Step span) {
        this.span = span;
    }

    static AttemptSpan begin(Trace trace, Letter letter) {
        var message = Parent.of(letter.trace());
        boolean later = letter.waited() || letter.attempts() > 0;
        var span = later ? trace.callLater("attempt", message) : trace.call("attempt", message);
        span.set(Names.MAIL, letter.envelope().id().text())
                .set(Names.DESTINATION, letter.destination())
                .set(Names.RECIPIENTS, (long) letter.recipients().size())
                .set(Names.ATTEMPT, letter.attempts() + 1L);
        return new AttemptSpan(span);
    }

    String traceId() {
        return span.traceId();
    }

    @Override
    public void connected(String host, int port, boolean reused) {
        span.set(Names.HOST, host).set(Names.PORT, (long) port).set(Names.REUSED, reused);
        span.event("connected", Attributes.of(Names.HOST, host, Names.PORT, (long) port, Names.REUSED, reused));
    }

    @Override
    public void heard(Step step, int code) {
        span.event(step.name(), Attributes.of(Names.REPLY, (long) code));
        if (step == Step.CONTENT) span.set(Names.REPLY, (long) code);
    }

    @Override
    public void encrypted(String tls) {
        span.set(Names.TLS, tls);
        span.event("encrypted", Attributes.of(Names.TLS, tls));
    }

    @Override
    public void brokeOff(Step step, Reason reason) {
        span.event("broke off at " + step, Attributes.of(Names.ERROR, word(reason)));
    }

    @Override
    public void dotted() {
        span.event("dot", Attributes.empty());
    }

    /// The conversation is over; what follows is its being written down.
    void over(Report report) {
        long delivered = 0;
        long deferred = 0;
        long failed = 0;
        var why = Reason.DELIVERED;
        var reply = Optional.<SmtpReply>empty();
        for (var result : report.results()) {
            switch (result.verdict()) {
                case Verdict.Delivered _ -> delivered++;
                case Verdict.Deferred put -> {
                    deferred++;
                    why = put.reason();
                    reply = put.reply();
                }
                case Verdict.Failed no -> {
                    failed++;
                    why = no.reason();
                    reply = no.reply();
                }
                case Verdict.NotSent not -> {
                    why = not.reason();
                    reply = Optional.empty();
                }
            }
        }
        span.set(Names.DELIVERED, delivered).set(Names.DEFERRED, deferred).set(Names.FAILED, failed);
        if (delivered > 0) return;
        reply.ifPresent(said -> span.set(Names.REPLY, (long) said.code()));
        span.set(Names.ERROR, word(why));
        span.failed(word(why));
    }

    private static String word(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        span.close();
    }
}
