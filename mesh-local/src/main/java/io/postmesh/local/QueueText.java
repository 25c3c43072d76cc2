package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.LogText;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.control.InForce;
import io.postmesh.runtime.control.Replies;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What owners answer, for people.
final class QueueText {
    private static final int REPLY = 60;

    private QueueText() {}

    /// @param until the action stands; empty: not known
    static List<String> act(Replies replies, Optional<Instant> until) {
        var action = replies.action();
        var count = replies.count();
        var lines = new ArrayList<String>();
        var verb = word(action.verb());
        lines.add(
                (action.dryRun() ? "would " + verb : verb + " " + action.id()) + ": " + Words.of(count.mails(), "mail")
                        + recipients(replies)
                                .map(some -> ", " + Words.of(some, "recipient"))
                                .orElse("") + " selected by "
                        + selected(action)
                        + count.oldest()
                                .map(at -> ", oldest of " + at.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""));
        if (!action.dryRun()) lines.addAll(done(replies, until));
        lines.addAll(trouble(replies));
        return lines;
    }

    private static List<String> done(Replies replies, Optional<Instant> until) {
        var lines = new ArrayList<String>();
        var count = replies.count();
        lines.add(line(count.done(), "done", "of those that waited"));
        lines.add(line(count.inHand(), "in hand", "about to be attempted: met before MAIL FROM or when put off"));
        lines.add(line(count.tooLate(), "too late", "past their dot: the remote may have them"));
        if (replies.refusal().isPresent()) return lines;
        if (replies.action().verb() == Action.Verb.FLUSH) lines.addAll(flushed(replies, until));
        else
            lines.add(until.map(QueueText::seconds)
                    .map(at -> "in force until " + at + ", also for mail that arrives")
                    .orElse("in force, also for mail that arrives; 'queue actions' says until when"));
        return lines;
    }

    // A call, not a condition: who was called waits for its own time again.
    private static List<String> flushed(Replies replies, Optional<Instant> until) {
        var count = replies.count();
        var lines = new ArrayList<String>();
        long left = count.mails() - count.done() - count.inHand() - count.tooLate();
        if (left > 0 && replies.working().isEmpty())
            lines.add(line(left, "left", "suspended or held: 'queue resume' and 'queue release' let them go"));
        lines.add("each is tried once; what is put off again waits for its own time");
        until.map(QueueText::seconds)
                .ifPresent(at -> lines.add(
                        "in 'queue actions' until " + at + ", for an owner that has not carried it out by now"));
        return lines;
    }

    private static Instant seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    /// Until when it stands: what ends another action stands as long as that one, at least.
    static Optional<Instant> until(Replies replies, List<InForce> standing) {
        var action = replies.action();
        if (action.verb().ends().isEmpty()) return Optional.of(replies.since().plus(action.lasts()));
        return standing.stream()
                .filter(one -> one.action().id().equals(action.id()))
                .map(InForce::until)
                .findFirst();
    }

    /// How many recipients are meant. A mail through a relay may be for several domains, and what is counted here are
    /// all who wait for it.
    static Optional<Long> recipients(Replies replies) {
        var count = replies.count();
        boolean all = replies.action().selector().domain().isEmpty() || count.recipients() == count.mails();
        return all ? Optional.of(count.recipients()) : Optional.empty();
    }

    private static List<String> trouble(Replies replies) {
        var lines = new ArrayList<String>();
        replies.refusal().ifPresent(why -> lines.add("refused: " + why));
        Map<String, List<Answer>> working = new TreeMap<>();
        for (var answer : replies.working())
            working.computeIfAbsent(answer.worker(), _ -> new ArrayList<>()).add(answer);
        working.forEach((worker, answers) -> lines.add("still at work: " + worker + " on "
                + Words.partitions(answers.stream().map(Answer::partition).toList()) + ", "
                + answers.stream().mapToLong(answer -> answer.count().done()).sum() + " done"));
        lines.addAll(silent(replies));
        return lines;
    }

    /// One line for each worker, however many partitions it has.
    static List<String> silent(Replies replies) {
        Map<String, List<Integer>> silent = new TreeMap<>();
        for (var one : replies.silent())
            silent.computeIfAbsent(one.worker().orElse(""), _ -> new ArrayList<>())
                    .add(one.partition());
        var lines = new ArrayList<String>();
        silent.forEach((worker, partitions) -> lines.add(
                worker.isEmpty()
                        ? "no answer: no worker has " + Words.partitions(partitions)
                        : "no answer: " + worker + ", which has " + Words.partitions(partitions)));
        return lines;
    }

    static List<String> summary(Replies replies, List<InForce> standing, int limit, Instant now) {
        var lines = new ArrayList<>(trouble(replies)); // first: what follows is not all then
        lines.add(String.format(
                "%-32s %8s %8s %8s %8s %8s  %-8s %s",
                "destination", "waiting", "due", "held", "susp.", "in hand", "oldest", "last reply"));
        var queues = queues(replies);
        queues.stream().limit(limit).forEach(queue -> lines.add(row(queue, now)));
        long unseen = Math.max(0, queues.size() - limit)
                + replies.answers().stream().mapToLong(Answer::more).sum();
        if (unseen > 0) lines.add("and " + Words.of(unseen, "destination") + " more");
        if (queues.stream().anyMatch(queue -> queue.destination().equals(Answer.Queue.OTHERS)))
            lines.add(Answer.Queue.OTHERS + ": destinations beyond those an owner tells apart, counted together");
        lines.add(total(replies));
        if (!standing.isEmpty()) lines.add("");
        if (!standing.isEmpty()) lines.addAll(actions(standing, now));
        return lines;
    }

    private static String total(Replies replies) {
        if (nobodyAnswered(replies)) return "how many wait is unknown: no owner answered";
        var count = replies.count();
        return (replies.isComplete() ? "" : "at least ") + Words.of(count.mails(), "mail") + ", "
                + Words.of(count.recipients(), "recipient");
    }

    private static boolean nobodyAnswered(Replies replies) {
        return replies.answers().isEmpty() && !replies.isComplete();
    }

    /// One queue for each destination, the largest first; a spread destination has a part in every partition.
    static List<Answer.Queue> queues(Replies replies) {
        Map<String, Answer.Queue> all = new TreeMap<>();
        for (var answer : replies.answers()) {
            for (var queue : answer.queues()) all.merge(queue.destination(), queue, QueueText::sum);
        }
        return all.values().stream()
                .sorted(Comparator.comparingLong(Answer.Queue::total).reversed())
                .toList();
    }

    private static Answer.Queue sum(Answer.Queue a, Answer.Queue b) {
        var said = a.attempts() >= b.attempts() ? a : b;
        return new Answer.Queue(
                a.destination(),
                a.waiting() + b.waiting(),
                a.held() + b.held(),
                a.suspended() + b.suspended(),
                a.due() + b.due(),
                a.inHand() + b.inHand(),
                earlier(a.oldest(), b.oldest()),
                said.reason(),
                said.lastReply(),
                said.attempts());
    }

    private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
        if (a.isEmpty() || b.isPresent() && b.get().isBefore(a.get())) return b;
        return a;
    }

    private static String row(Answer.Queue queue, Instant now) {
        return String.format(
                "%-32s %8d %8d %8d %8d %8d  %-8s %s",
                queue.destination(),
                queue.waiting(),
                queue.due(),
                queue.held(),
                queue.suspended(),
                queue.inHand(),
                queue.oldest().map(at -> age(at, now)).orElse("-"),
                why(queue));
    }

    static List<String> list(Replies replies, int limit, Next next) {
        var lines = new ArrayList<>(trouble(replies)); // first: what follows is not all then
        var seats = seats(replies, limit);
        if (seats.isEmpty()) {
            lines.add(none(replies));
            return lines;
        }
        int width = seats.stream().mapToInt(seat -> next.of(seat).length()).reduce("next".length(), Math::max);
        lines.add(String.format(
                "%-26s %-9s %-24s %-24s %3s %4s  %-8s %-" + width + "s %s",
                "mail",
                "place",
                "destination",
                "sender",
                "to",
                "try",
                "age",
                "next",
                "last reply"));
        seats.forEach(seat -> lines.add(row(seat, next, width)));
        long more = replies.count().mails() - seats.size();
        if (more > 0) lines.add("and " + Words.of(more, "mail") + " more");
        return lines;
    }

    private static String none(Replies replies) {
        if (nobodyAnswered(replies)) return "what waits is unknown: no owner answered";
        var selector = replies.action().selector();
        return "no mail waits" + (selector.all() ? "" : " that is selected by " + selected(replies.action()))
                + (replies.isComplete() ? "" : " with the owners that answered");
    }

    static List<Answer.Seat> seats(Replies replies, int limit) {
        return replies.answers().stream()
                .flatMap(answer -> answer.seats().stream())
                .sorted(Comparator.comparing(seat -> seat.state().acceptedAt()))
                .limit(limit)
                .toList();
    }

    private static String row(Answer.Seat seat, Next next, int width) {
        var state = seat.state();
        return String.format(
                "%-26s %-9s %-24s %-24s %3d %4d  %-8s %-" + width + "s %s",
                state.id(),
                word(seat.place()),
                state.destination(),
                sender(state),
                state.positions().size(),
                state.attempts(),
                age(state.acceptedAt(), next.now()),
                next.of(seat),
                why(seat));
    }

    static String sender(Waiting state) {
        if (state.senderDomain().isEmpty()) return "<>";
        var local = state.marks().senderLocal();
        return LogText.of((local.isEmpty() ? "" : local + "@") + state.senderDomain());
    }

    static List<String> actions(List<InForce> standing, Instant now) {
        if (standing.isEmpty()) return List.of("no action is in force");
        return standing.stream().flatMap(one -> action(one, now).stream()).toList();
    }

    private static List<String> action(InForce one, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(String.format(
                "%s  %-8s %s  for another %s, by %s: %s",
                one.action().id(),
                word(one.action().verb()),
                selected(one.action()),
                length(Duration.between(now, one.until())),
                LogText.line(one.action().by()),
                LogText.line(one.action().reason())));
        one.overrule().ifPresent(by -> lines.add("    no more in effect: " + named(by) + " came later and wins"));
        for (var by : one.except())
            lines.add("    except for " + selected(by) + ": " + named(by) + " came later and wins there");
        return lines;
    }

    // What one operator wrote, on the terminal of another one.
    private static String selected(Action action) {
        return LogText.of(action.selector().text());
    }

    static String named(Action action) {
        return word(action.verb()) + " " + action.id();
    }

    static String id(Action action) {
        return action.id().text();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Mail in hand that was never tried has no reason to wait.
    static boolean isTried(Reason reason, int attempts) {
        return attempts > 0 || reason != Reason.INTERNAL;
    }

    private static String why(Answer.Queue queue) {
        if (queue.lastReply().isEmpty() && !isTried(queue.reason(), queue.attempts())) return "";
        return why(queue.reason(), queue.suspended() > 0, queue.lastReply());
    }

    static String why(Answer.Seat seat) {
        var state = seat.state();
        if (state.lastReply().isEmpty() && !isTried(state.reason(), state.attempts())) return "";
        return why(state.reason(), seat.place() == Answer.Place.SUSPENDED, state.lastReply());
    }

    private static String why(Reason reason, boolean isSuspended, Optional<SmtpReply> reply) {
        var text = reply.map(SmtpReply::text)
                .orElseGet(() -> reason == Reason.SUSPENDED && !isSuspended ? "was suspended" : Words.of(reason));
        return text.length() <= REPLY ? text : text.substring(0, REPLY - 3) + "...";
    }

    static String age(Instant since, Instant now) {
        return length(Duration.between(since, now));
    }

    static String length(Duration time) {
        if (time.toDays() > 0) return time.toDays() + "d " + time.toHoursPart() + "h";
        if (time.toHours() > 0) return time.toHours() + "h " + time.toMinutesPart() + "m";
        if (time.toMinutes() > 0) return time.toMinutes() + "m " + time.toSecondsPart() + "s";
        return Math.max(0, time.toSeconds()) + "s";
    }

    private static String line(long count, String what, String meaning) {
        return String.format("%12d  %-9s %s", count, what, meaning);
    }
}
