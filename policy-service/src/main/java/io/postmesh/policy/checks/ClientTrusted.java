package io.postmesh.policy.checks;

import io.postmesh.contract.Origin;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;

/// Carries mail only for trusted clients and for the mesh itself. Ingress refuses the others in the dialogue; this is
/// the second lock on the same door, so that one mistake there is not an open relay.
public final class ClientTrusted implements Check {
    private static final Finding DENIED =
            new Finding.Refuse(SmtpReply.of(554, "5.7.1 Client host rejected: Access denied"));

    @Override
    public Finding look(Submission mail) {
        return switch (mail.envelope().origin()) {
            case Origin.Client client -> client.trusted() ? Finding.CLEAR : DENIED;
            case Origin.Mesh _ -> Finding.CLEAR;
        };
    }
}
