package io.postmesh.policy.judge;

import io.postmesh.contract.Reason;
import io.postmesh.mail.Domain;
import io.postmesh.mail.SmtpReply;
import java.time.Duration;
import java.util.Optional;

/// What one check says.
public sealed interface Finding {
    /// Nothing against it; perhaps also the domain it may be signed for.
    record Clear(Optional<Domain> signAs) implements Finding {}

    /// Not now. A hold never bounces: the mail goes on, and delivery parks it.
    record Hold(Duration delay, Reason reason) implements Finding {
        public Hold {
            if (!delay.isPositive()) throw new IllegalArgumentException("a hold lasts");
        }
    }

    /// Never, in the words the sender may read.
    record Refuse(SmtpReply reply) implements Finding {
        public Refuse {
            if (!reply.isPermanent()) throw new IllegalArgumentException("a refusal is permanent");
        }
    }

    Finding CLEAR = new Clear(Optional.empty());
}
