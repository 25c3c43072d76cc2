package io.postmesh.policy.checks;

import io.postmesh.contract.Origin;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;
import io.postmesh.policy.rules.SenderRule;

/// Only allowed sender domains may send. A report the mesh made itself has the null sender, and passes.
public record SenderAllowed(SenderRule senders) implements Check {
    private static final Finding DENIED =
            new Finding.Refuse(SmtpReply.of(554, "5.7.1 Sender address rejected: Access denied"));

    @Override
    public Finding look(Submission mail) {
        return switch (mail.envelope().origin()) {
            case Origin.Mesh _ -> Finding.CLEAR;
            case Origin.Client _ -> senders.allows(mail.envelope().sender()) ? Finding.CLEAR : DENIED;
        };
    }
}
