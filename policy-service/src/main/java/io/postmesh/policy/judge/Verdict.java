package io.postmesh.policy.judge;

import io.postmesh.contract.Reason;
import io.postmesh.mail.Domain;
import io.postmesh.mail.SmtpReply;
import java.time.Duration;
import java.util.Optional;

/// What is decided about one message.
public sealed interface Verdict {
    Ruling by();

    record Clear(Ruling by, Optional<Domain> signAs) implements Verdict {}

    record Hold(Ruling by, Optional<Domain> signAs, Duration delay, Reason reason) implements Verdict {}

    record Refuse(Ruling by, SmtpReply reply) implements Verdict {}
}
