package io.postmesh.local;

import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Answer;
import io.postmesh.runtime.control.InForce;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// When a mail is tried next, for people.
///
/// @param standing actions in force, oldest first: they know how long a mail is suspended
record Next(List<InForce> standing, Instant now) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    Next {
        standing = List.copyOf(standing);
    }

    String of(Answer.Seat seat) {
        return switch (seat.place()) {
            case HELD -> "when released";
            case SUSPENDED ->
                "when resumed"
                        + suspendedUntil(seat).map(at -> ", or " + time(at)).orElse("");
            case IN_HAND, PAST_DOT -> "now";
            case WAITING, DUE ->
                seat.state()
                        .due()
                        .filter(now::isBefore)
                        .map(due -> "in " + QueueText.length(Duration.between(now, due)))
                        .orElse("now");
        };
    }

    // As the owners fold it: of several suspensions the one that lasts longest, but for those resumed since.
    private Optional<Instant> suspendedUntil(Answer.Seat seat) {
        var until = Optional.<Instant>empty();
        for (var one : standing) {
            if (!seat.actions().contains(one.action().id())) continue;
            if (one.action().verb() == Verb.RESUME) until = Optional.empty();
            if (one.action().verb() == Verb.SUSPEND)
                until = until.filter(one.until()::isBefore).or(() -> Optional.of(one.until()));
        }
        return until;
    }

    private String time(Instant at) {
        return Duration.between(now, at).toHours() < 24 ? TIME.format(at) : DAY.format(at);
    }
}
