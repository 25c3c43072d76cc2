package io.postmesh.policy.checks;

import io.postmesh.contract.Slice;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;

/// The header section is whole lines, and an empty one parts it from the body. A signature, or a field prepended, on
/// anything else would say something about other bytes than the receiver sees.
///
/// Ingress lets only CR LF pass (RFC 5321 §2.3.8); this catches mail that came into the mesh by another way.
public final class MessageShape implements Check {
    private static final Finding MALFORMED =
            new Finding.Refuse(SmtpReply.of(554, "5.6.0 Message header section is malformed"));

    @Override
    public Finding look(Submission mail) {
        boolean parted = mail.envelope().content().body().size() == 0 || endsInEmptyLine(mail.headers());
        return parted && isWholeLines(mail.headers()) ? Finding.CLEAR : MALFORMED;
    }

    private static boolean isWholeLines(Slice s) {
        boolean afterCr = false;
        for (int i = 0; i < s.length(); i++) {
            byte b = s.get(i);
            if (afterCr != (b == '\n')) return false; // CR without LF, or LF without CR
            afterCr = b == '\r';
        }
        return s.length() >= 2 && s.get(s.length() - 1) == '\n';
    }

    private static boolean endsInEmptyLine(Slice s) {
        int n = s.length();
        return n >= 4 && s.get(n - 4) == '\r' && s.get(n - 3) == '\n' && s.get(n - 2) == '\r' && s.get(n - 1) == '\n';
    }
}
