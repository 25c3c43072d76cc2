package io.postmesh.local;

import io.postmesh.audit.Trail;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Journey;
import io.postmesh.contract.Outcome;
import io.postmesh.mail.LogText;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.control.InForce;
import io.postmesh.runtime.control.Replies;
import io.postmesh.runtime.trace.Parent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is known of one mail: what the topics say, and what the owners say now.
///
/// @param addresses of its recipients, by position, as far as they are known
record Why(Trail trail, Map<Integer, String> addresses, Replies replies, List<InForce> standing) {
    Why {
        addresses = Map.copyOf(addresses);
    }

    boolean isKnown() {
        return !trail.isEmpty()
                || !replies.answers().stream().allMatch(answer -> answer.seats().isEmpty());
    }

    List<String> lines(Instant now) {
        if (!isKnown()) return List.of("nothing is known of " + trail.id() + ": it was never accepted, or long ago");
        var lines = new ArrayList<String>();
        trail.trace()
                .ifPresent(trace -> lines.add("trace " + trace.traceId() + (isSent(trace) ? "" : " (not sampled)")));
        lines.addAll(from());
        lines.addAll(history());
        trail.quarantined().forEach(reason -> lines.add("in quarantine: " + LogText.line(reason)));
        lines.add("");
        whereabouts(new Next(standing, now)).forEach((position, where) -> lines.add(who(position) + " " + where));
        lines.addAll(matching());
        lines.addAll(QueueText.silent(replies));
        return lines;
    }

    private record Past(Instant at, String line) {}

    // Two topics, and brokers' clocks: what was signed in the same moment as it was tried was signed before.
    private List<String> history() {
        return Stream.concat(
                        trail.journey().stream().map(step -> new Past(step.at(), line(step))),
                        trail.outcomes().stream().map(outcome -> new Past(outcome.at(), line(outcome))))
                .sorted(Comparator.comparing(Past::at))
                .map(Past::line)
                .toList();
    }

    // As far as anybody knows it still: a tag is kept in the state of mail that waits, and nowhere else.
    private List<String> from() {
        var seats = QueueText.seats(replies, Integer.MAX_VALUE);
        var sender = Stream.of(
                        trail.journey().stream().map(Journey::sender),
                        trail.outcomes().stream().map(outcome -> outcome.about().sender()),
                        seats.stream().map(seat -> QueueText.sender(seat.state())))
                .flatMap(some -> some)
                .findFirst()
                .map(who -> "sender " + (who.isEmpty() ? "<>" : LogText.of(who)));
        var tag = seats.stream()
                .map(seat -> seat.state().marks().tag())
                .filter(word -> !word.isEmpty())
                .findFirst()
                .map(word -> "tag " + LogText.of(word));
        var known = Stream.of(sender, tag).flatMap(Optional::stream).toList();
        return known.isEmpty() ? List.of() : List.of(String.join(", ", known));
    }

    private static boolean isSent(Parent trace) {
        return trace.context().isSampled();
    }

    private String who(int position) {
        var address = addresses.get(position);
        return address == null ? "recipient " + position : LogText.of(address);
    }

    // The last word on each: what is final in the ledger, else where it waits.
    private TreeMap<Integer, String> whereabouts(Next next) {
        var where = new TreeMap<Integer, String>();
        for (var seat : QueueText.seats(replies, Integer.MAX_VALUE)) {
            for (int position : seat.state().positions()) where.put(position, line(seat, next));
        }
        for (var outcome : trail.outcomes()) {
            if (!outcome.kind().isFinal()) continue;
            for (int i = 0; i < outcome.positions().size(); i++) {
                where.put(outcome.positions().get(i), QueueText.word(outcome.kind()) + " at " + time(outcome.at()));
            }
        }
        return where;
    }

    private static String line(Answer.Seat seat, Next next) {
        return QueueText.word(seat.place()) + ", next attempt " + next.of(seat) + ", "
                + seat.state().attempts() + " so far, rule "
                + LogText.line(seat.state().marks().rule())
                + (QueueText.why(seat).isEmpty() ? "" : ", " + QueueText.why(seat));
    }

    private List<String> matching() {
        var ids = replies.answers().stream()
                .flatMap(answer -> answer.seats().stream())
                .flatMap(seat -> seat.actions().stream())
                .distinct()
                .toList();
        return standing.stream()
                .filter(one -> ids.contains(one.action().id()))
                .map(one -> "selected by " + QueueText.word(one.action().verb()) + " "
                        + one.action().id() + " until " + time(one.until()) + ": "
                        + LogText.line(one.action().reason())
                        + one.overrule()
                                .map(by -> " (no more in effect: " + QueueText.named(by) + " came later)")
                                .orElse(""))
                .toList();
    }

    private static String line(Journey step) {
        return time(step.at()) + "  " + QueueText.word(step.stage()) + "  " + LogText.line(step.detail());
    }

    private String line(Outcome outcome) {
        return time(outcome.at()) + "  " + QueueText.word(outcome.kind()) + "  " + people(outcome) + " attempt="
                + outcome.by().attempt() + " worker="
                + outcome.by().worker()
                + (outcome.heard().remote().isEmpty()
                        ? ""
                        : " remote=" + LogText.line(outcome.heard().remote()))
                + outcome.reply()
                        .map(reply -> " reply=\"" + reply.text() + "\"")
                        .orElse("")
                + (hasReason(outcome) ? " reason=" + QueueText.word(outcome.reason()) : "")
                + (outcome.cause().note().isEmpty()
                        ? ""
                        : " by " + LogText.line(outcome.cause().note()));
    }

    private String people(Outcome outcome) {
        return outcome.positions().stream().map(this::who).collect(Collectors.joining(", "));
    }

    // A note of an attempt, or of its worker's going, says nothing of how it ends.
    private static boolean hasReason(Outcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED, FAILED, DEFERRED, DROPPED_DUPLICATE, CANCELLED -> true;
            case ATTEMPTED, HANDED_OVER -> false;
        };
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    JsonObject json() {
        var waiting = QueueText.seats(replies, Integer.MAX_VALUE).stream()
                .map(QueueJson::seat)
                .toList();
        return new JsonObject()
                .put("mail", trail.id().text())
                .put("trace", trail.trace().map(Parent::traceId).orElse(null))
                .put(
                        "journey",
                        QueueJson.array(trail.journey().stream().map(Why::json).toList()))
                .put(
                        "outcomes",
                        QueueJson.array(trail.outcomes().stream().map(Why::json).toList()))
                .put("quarantined", new JsonArray(trail.quarantined()))
                .put("waiting", QueueJson.array(waiting))
                .put("complete", replies.isComplete());
    }

    private static JsonObject json(Journey step) {
        return new JsonObject()
                .put("at", step.at().toString())
                .put("stage", QueueText.word(step.stage()))
                .put("detail", step.detail());
    }

    private static JsonObject json(Outcome outcome) {
        return new JsonObject()
                .put("at", outcome.at().toString())
                .put("kind", QueueText.word(outcome.kind()))
                .put("positions", new JsonArray(outcome.positions()))
                .put("recipients", new JsonArray(outcome.recipients()))
                .put("attempt", outcome.by().attempt())
                .put("worker", outcome.by().worker())
                .put("remote", outcome.heard().remote())
                .put("reply", outcome.reply().map(SmtpReply::text).orElse(null))
                .put("reason", hasReason(outcome) ? QueueText.word(outcome.reason()) : null)
                .put("note", outcome.cause().note());
    }
}
