package io.postmesh.audit.census;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What an audit says, for people.
///
/// @param missing    the first of those found nowhere
/// @param unreadable records of `mail.accepted` that are none: nobody can say whom they were for
/// @param illegible  records of `mail.quarantine` that do not decode: some of the missing may be in them
public record Sheet(Instant from, Instant to, Tally tally, List<Missing> missing, long unreadable, long illegible) {
    public Sheet {
        missing = List.copyOf(missing);
    }

    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("mail accepted from " + from + " to " + to);
        lines.add(line(tally.recipients(), "accepted", "recipients of " + tally.mails() + " mails"));
        for (var place : Place.values()) {
            lines.add(line(tally.found(place), place.words(), place.meaning() + more(place)));
        }
        lines.add(line(tally.missing(), "missing", "found nowhere"));
        lines.add(
                line(tally.inDoubt(), "in doubt", "attempted again after a worker died: may have got the mail twice"));
        lines.add(line(tally.twice(), "twice", "delivered more than once"));
        lines.add(line(tally.dropped(), "repeats", "came again inside the mesh and were dropped"));
        if (unreadable > 0) lines.add(line(unreadable, "unreadable", "records of mail.accepted that are no mail"));
        if (illegible > 0) lines.add(line(illegible, "illegible", "records of mail.quarantine that are no mail"));
        for (var who : missing) lines.add("missing: " + who);
        long untold = tally.missing() - missing.size();
        if (untold > 0) lines.add("missing: and " + untold + " more");
        return lines;
    }

    private String more(Place place) {
        return switch (place) {
            case FAILED -> tally.refused() == 0 ? "" : "; " + tally.refused() + " by a rule of ours";
            case DISCARDED -> rules();
            case DELIVERED, CANCELLED, WAITING, SUSPENDED, HELD, QUARANTINED, TO_DELIVER, TO_SIGN, TO_JUDGE -> "";
        };
    }

    private String rules() {
        if (tally.rules().isEmpty()) return "";
        return tally.rules().entrySet().stream()
                .map(rule -> rule.getKey() + " " + rule.getValue())
                .collect(Collectors.joining(", ", ": ", ""));
    }

    private static String line(long count, String what, String meaning) {
        return String.format("%12d  %-12s %s", count, what, meaning);
    }
}
