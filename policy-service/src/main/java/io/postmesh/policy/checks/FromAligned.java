package io.postmesh.policy.checks;

import io.postmesh.contract.Origin;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;
import io.postmesh.policy.rules.SenderRule;

/// Which domain may vouch for the mail: that of its From field (what DMARC aligns with, RFC 7489 §3.1.1), when the
/// sender rule allows it. Otherwise the mail goes out unsigned; whether there is a key, only the signer knows.
public record FromAligned(SenderRule senders) implements Check {
    @Override
    public Finding look(Submission mail) {
        var from = mail.envelope().content().fromDomain();
        return switch (mail.envelope().origin()) {
            case Origin.Mesh _ -> new Finding.Clear(from); // we wrote that From ourselves
            case Origin.Client _ ->
                from.isPresent() && senders.allows(from.get()) ? new Finding.Clear(from) : Finding.CLEAR;
        };
    }
}
