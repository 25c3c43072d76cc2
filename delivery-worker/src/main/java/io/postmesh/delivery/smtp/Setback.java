package io.postmesh.delivery.smtp;

import io.postmesh.delivery.outcome.Fault;
import io.postmesh.delivery.outcome.Outcomes;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.mail.SmtpReply;
import java.util.Optional;

/// Ends a session: the remote broke it off, or said a no that is about more than this mail. Thrown by whoever finds
/// out,
/// caught once, by the carrier, who tries another host.
final class Setback extends Exception {
    private static final long serialVersionUID = 1;

    private final Step step;
    private final transient Verdict verdict;
    private final transient Optional<Fault> fault;
    private final String reply;

    private Setback(Step step, Verdict verdict, Optional<Fault> fault, String message, String reply) {
        super(message, null, false, false); // weather, not an error: nobody reads its stack
        this.step = step;
        this.verdict = verdict;
        this.fault = fault;
        this.reply = reply;
    }

    static Setback broken(Step step, Fault fault, String detail) {
        return new Setback(
                step, Outcomes.judge(step, fault), Optional.of(fault), fault + " at " + step + " " + detail, "");
    }

    static Setback said(Step step, SmtpReply reply) {
        return new Setback(step, Outcomes.judge(step, reply), Optional.empty(), "at " + step, reply.text());
    }

    Step step() {
        return step;
    }

    /// The remote's words, which are in no message of ours; empty when it said none.
    String reply() {
        return reply;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean is(Fault some) {
        return fault.filter(f -> f == some).isPresent();
    }
}
