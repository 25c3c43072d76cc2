package io.postmesh.policy.checks;

import io.postmesh.contract.Origin;
import io.postmesh.contract.Reason;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;
import java.time.Duration;

/// A sender domain over its limit waits; a limit never bounces.
///
/// @param longest so that a limit set too low delays mail, but never until it expires
public record SenderDomainRate(Duration longest) implements Check {
    @Override
    public Finding look(Submission mail) {
        var wait = mail.senderDelay();
        if (wait.isZero() || mail.envelope().origin() instanceof Origin.Mesh) return Finding.CLEAR;
        return new Finding.Hold(wait.compareTo(longest) > 0 ? longest : wait, Reason.LIMIT);
    }
}
