package io.postmesh.local;

import io.postmesh.contract.Answer;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.control.InForce;
import io.postmesh.runtime.control.Replies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What owners answer, for programs.
final class QueueJson {
    private QueueJson() {}

    static JsonObject of(Replies replies, Optional<Instant> until) {
        var action = replies.action();
        return new JsonObject()
                .put("action", action.id().text())
                .put("verb", QueueText.word(action.verb()))
                .put("selector", action.selector().text())
                .put("dry_run", action.dryRun())
                .put("since", replies.since().toString())
                .put(
                        "until",
                        until.orElseGet(() -> replies.since().plus(action.lasts()))
                                .toString())
                .mergeIn(told(replies))
                .put("recipients", QueueText.recipients(replies).orElse(null));
    }

    private static JsonObject told(Replies replies) {
        var count = replies.count();
        return new JsonObject()
                .put("mails", count.mails())
                .put("recipients", count.recipients())
                .put("done", count.done())
                .put("in_hand", count.inHand())
                .put("too_late", count.tooLate())
                .put("oldest", text(count.oldest()))
                .put("complete", replies.isComplete())
                .put("refused", replies.refusal().orElse(null))
                .put(
                        "silent",
                        array(replies.silent().stream()
                                .map(one -> new JsonObject()
                                        .put("partition", one.partition())
                                        .put("worker", one.worker().orElse(null)))
                                .toList()))
                .put(
                        "working",
                        array(replies.working().stream()
                                .map(one -> new JsonObject()
                                        .put("partition", one.partition())
                                        .put("worker", one.worker()))
                                .toList()));
    }

    static JsonObject summary(Replies replies, List<InForce> standing, int limit) {
        var queues = QueueText.queues(replies).stream()
                .limit(limit)
                .map(QueueJson::queue)
                .toList();
        return told(replies)
                .put("queues", array(queues))
                .put("actions", actions(standing).getJsonArray("actions"));
    }

    private static JsonObject queue(Answer.Queue queue) {
        return new JsonObject()
                .put("destination", queue.destination())
                .put("waiting", queue.waiting())
                .put("due", queue.due())
                .put("held", queue.held())
                .put("suspended", queue.suspended())
                .put("in_hand", queue.inHand())
                .put("oldest", text(queue.oldest()))
                .put("attempts", queue.attempts())
                .put(
                        "reason",
                        QueueText.isTried(queue.reason(), queue.attempts()) ? QueueText.word(queue.reason()) : null)
                .put("last_reply", queue.lastReply().map(SmtpReply::text).orElse(null));
    }

    static JsonObject list(Replies replies, int limit) {
        var seats =
                QueueText.seats(replies, limit).stream().map(QueueJson::seat).toList();
        return told(replies).put("records", array(seats));
    }

    static JsonObject seat(Answer.Seat seat) {
        return state(seat.state())
                .put("place", QueueText.word(seat.place()))
                .put(
                        "actions",
                        new JsonArray(
                                seat.actions().stream().map(Object::toString).toList()));
    }

    private static JsonObject state(Waiting state) {
        return new JsonObject()
                .put("mail", state.id().text())
                .put("positions", new JsonArray(state.positions()))
                .put("destination", state.destination())
                .put("sender", QueueText.sender(state))
                .put("rule", state.marks().rule())
                .put("tag", state.marks().tag())
                .put("accepted", state.acceptedAt().toString())
                .put("attempts", state.attempts())
                .put("next", text(state.due()))
                .put(
                        "reason",
                        QueueText.isTried(state.reason(), state.attempts()) ? QueueText.word(state.reason()) : null)
                .put("last_reply", state.lastReply().map(SmtpReply::text).orElse(null));
    }

    static JsonObject actions(List<InForce> standing) {
        return new JsonObject()
                .put("actions", array(standing.stream().map(QueueJson::action).toList()));
    }

    private static JsonObject action(InForce one) {
        return new JsonObject()
                .put("action", one.action().id().text())
                .put("verb", QueueText.word(one.action().verb()))
                .put("selector", one.action().selector().text())
                .put("by", one.action().by())
                .put("reason", one.action().reason())
                .put("since", one.since().toString())
                .put("until", one.until().toString())
                .put("in_force", one.hasEffect())
                .put("ended_by", one.overrule().map(QueueText::id).orElse(null))
                .put(
                        "except",
                        new JsonArray(one.except().stream().map(QueueText::id).toList()));
    }

    static JsonArray array(List<JsonObject> items) {
        return new JsonArray(items);
    }

    private static String text(Optional<Instant> at) {
        return at.map(Instant::toString).orElse("");
    }
}
