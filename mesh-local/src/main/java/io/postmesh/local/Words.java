package io.postmesh.local;

import io.postmesh.contract.Reason;
import java.util.ArrayList;
import java.util.List;

/// What people read instead of constants and lists.
final class Words {
    private Words() {}

    /// `1 mail`, `2 mails`.
    static String of(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /// `partition 3`, `partitions 0-15, 17`.
    static String partitions(List<Integer> numbers) {
        var sorted = numbers.stream().distinct().sorted().toList();
        var ranges = new ArrayList<String>();
        for (int i = 0; i < sorted.size(); ) {
            int first = sorted.get(i);
            int last = first;
            while (++i < sorted.size() && sorted.get(i) == last + 1) last++;
            ranges.add(first == last ? "" + first : first + "-" + last);
        }
        return (sorted.size() == 1 ? "partition " : "partitions ") + String.join(", ", ranges);
    }

    /// Why a mail waits, where its remote said nothing.
    static String of(Reason reason) {
        return switch (reason) {
            case DELIVERED -> "delivered";
            case REFUSED -> "refused by the remote";
            case POLICY -> "refused by a rule";
            case PUT_OFF -> "put off by the remote";
            case GREYLISTED -> "greylisted";
            case NO_SUCH_DOMAIN -> "there is no such domain";
            case NULL_MX -> "the domain takes no mail";
            case NO_HOST -> "the domain has no host for mail";
            case DNS -> "the resolver did not answer";
            case CONNECT -> "nobody answered the connection";
            case LOST_CONNECTION -> "the connection was lost";
            case TIMEOUT -> "the remote was too slow";
            case TLS -> "TLS is needed and was not to be had";
            case AUTH -> "the relay refused our credentials";
            case PROTOCOL -> "the remote does not speak SMTP";
            case NEEDS_SMTPUTF8 -> "the remote does not take such addresses (SMTPUTF8)";
            case NEEDS_8BITMIME -> "the remote does not take 8-bit text (8BITMIME)";
            case TOO_LARGE -> "too large for the remote";
            case EXPIRED -> "given up after its life time";
            case LIMIT -> "held by a limit";
            case HELD -> "held, by a rule or an operator";
            case SUSPENDED -> "suspended by an operator";
            case CANCELLED -> "cancelled by an operator";
            case BOUNCED -> "given up by an operator";
            case CANNOT_START -> "no place was free in time";
            case DESTINATION_RESTS -> "the destination rests after failures";
            case SHUTDOWN -> "cut short when its worker stopped";
            case BLOB_MISSING -> "its body is missing";
            case BLOB_DAMAGED -> "its body is damaged";
            case DUPLICATE -> "came a second time";
            case QUARANTINED -> "in quarantine";
            case INTERNAL -> "a fault of ours; it is tried again";
        };
    }
}
