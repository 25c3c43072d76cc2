package io.postmesh.lab.faults;

import io.postmesh.lab.load.Witness.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/// What came for whom, for rows that look at single recipients.
public final class Accounts {
    private static final Duration NEVER_CAME = Duration.ofDays(1);

    private final Evidence evidence;
    private final Map<String, List<Delivery>> copies = new HashMap<>(); // by message id and recipient
    private final Set<String> reported = new HashSet<>(); // mail id and recipient

    private Accounts(Evidence evidence) {
        this.evidence = evidence;
        for (var copy : evidence.deliveries())
            for (var to : copy.recipients())
                copies.computeIfAbsent(Judge.pair(copy.messageId(), to), _ -> new ArrayList<>())
                        .add(copy);
        copies.values().forEach(all -> all.sort(Comparator.comparing(Delivery::at)));
        for (var report : evidence.reports())
            for (var to : report.recipients()) reported.add(Judge.pair(report.mailId(), to));
    }

    public static Accounts of(Evidence evidence) {
        return new Accounts(evidence);
    }

    /// Oldest first.
    public List<Delivery> copies(Accepted mail, String recipient) {
        return copies.getOrDefault(Judge.pair(mail.messageId(), recipient), List.of());
    }

    /// Whether the sender was told that it failed.
    public boolean isReported(Accepted mail, String recipient) {
        return reported.contains(Judge.pair(mail.mailId(), recipient));
    }

    /// From the 250 to the first copy, shortest first; a day for who got none.
    ///
    /// @param whose which recipients of which mail
    public List<Duration> waits(BiPredicate<Accepted, String> whose) {
        var waits = new ArrayList<Duration>();
        for (var mail : evidence.accepted())
            for (var to : mail.recipients()) if (whose.test(mail, to)) waits.add(wait(mail, to));
        waits.sort(Comparator.naturalOrder());
        return waits;
    }

    private Duration wait(Accepted mail, String to) {
        var all = copies(mail, to);
        return all.isEmpty()
                ? NEVER_CAME
                : Duration.between(mail.at(), all.getFirst().at());
    }

    /// How many of these had their first copy by then.
    public int arrived(BiPredicate<Accepted, String> whose, Instant by) {
        int count = 0;
        for (var mail : evidence.accepted())
            for (var to : mail.recipients()) {
                var all = copies(mail, to);
                if (whose.test(mail, to)
                        && !all.isEmpty()
                        && all.getFirst().at().isBefore(by)) count++;
            }
        return count;
    }
}
