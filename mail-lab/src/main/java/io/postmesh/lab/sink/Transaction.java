package io.postmesh.lab.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One mail transaction while it is open.
final class Transaction {
    final String sender;
    final List<String> parameters;
    final List<String> recipients = new ArrayList<>();

    Transaction(Path path) {
        sender = path.address();
        parameters = path.parameters();
    }

    /// The domain rules look at after RCPT: that of the last recipient.
    String domain() {
        return recipients.isEmpty() ? "" : domainOf(recipients.getLast());
    }

    static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /// The argument of MAIL or RCPT: `FROM:<ann@example.org> SIZE=300 BODY=8BITMIME`.
    record Path(String address, List<String> parameters) {
        static Optional<Path> parse(String argument, String keyword) {
            if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) return Optional.empty();
            var rest = argument.substring(keyword.length());
            int end = endOfPath(rest);
            if (end < 0) return Optional.empty();
            var tail = rest.substring(end + 1);
            if (!tail.isEmpty() && !tail.startsWith(" ")) return Optional.empty();
            var words =
                    tail.isBlank() ? List.<String>of() : List.of(tail.strip().split(" +"));
            return Optional.of(new Path(rest.substring(1, end), words));
        }

        // A quoted local part may hold a `>` (RFC 5321 §4.1.2).
        private static int endOfPath(String s) {
            if (!s.startsWith("<")) return -1;
            boolean quoted = false;
            for (int i = 1; i < s.length(); i++) {
                char c = s.charAt(i);
                if (c == '\\' && quoted) i++;
                else if (c == '"') quoted = !quoted;
                else if (c == '>' && !quoted) return i;
            }
            return -1;
        }
    }
}
