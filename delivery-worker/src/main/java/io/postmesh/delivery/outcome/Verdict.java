package io.postmesh.delivery.outcome;

import io.postmesh.contract.Reason;
import io.postmesh.mail.SmtpReply;
import java.util.Optional;

/// What became of one recipient. `reply` holds the remote's own words, and is empty when the failure was found here.
public sealed interface Verdict {
    Reason reason();

    record Delivered(SmtpReply reply) implements Verdict {
        @Override
        public Reason reason() {
            return Reason.DELIVERED;
        }
    }

    /// Final: a report goes to the sender.
    record Failed(Reason reason, Optional<SmtpReply> reply, Scope scope) implements Verdict {}

    /// Try again later.
    record Deferred(Reason reason, Optional<SmtpReply> reply, Scope scope) implements Verdict {}

    /// A checkpoint said no: the attempt ended before its dot by our own will and says nothing about the remote.
    record NotSent(Reason reason) implements Verdict {}
}
