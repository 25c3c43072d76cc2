package io.postmesh.policy.checks;

import io.postmesh.contract.Slice;
import io.postmesh.mail.SmtpReply;
import io.postmesh.policy.judge.Check;
import io.postmesh.policy.judge.Finding;
import io.postmesh.policy.judge.Submission;

/// A message that has passed too many hosts goes round in a circle (a relay that sends back to us, two meshes that are
/// each other's MX); this is where the circle ends.
///
/// @param most Received fields; RFC 5321 §6.3 asks for 100 or more
public record HopCount(int most) implements Check {
    private static final byte[] FIELD = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd'};
    private static final Finding LOOP = new Finding.Refuse(SmtpReply.of(554, "5.4.6 Too many hops: mail loop"));

    @Override
    public Finding look(Submission mail) {
        return received(mail.headers()) > most ? LOOP : Finding.CLEAR;
    }

    // A field starts a line; a continued line starts with white space and can never match.
    private static int received(Slice headers) {
        int count = 0;
        boolean lineStarts = true;
        for (int i = 0; i < headers.length(); i++) {
            if (lineStarts && isReceived(headers, i)) count++;
            lineStarts = headers.get(i) == '\n';
        }
        return count;
    }

    private static boolean isReceived(Slice headers, int at) {
        if (headers.length() - at <= FIELD.length) return false;
        for (int i = 0; i < FIELD.length; i++) if ((headers.get(at + i) | 0x20) != FIELD[i]) return false;
        byte after = headers.get(at + FIELD.length);
        return after == ':' || after == ' ' || after == '\t'; // white space before the colon: RFC 5322 §4.5.1
    }
}
