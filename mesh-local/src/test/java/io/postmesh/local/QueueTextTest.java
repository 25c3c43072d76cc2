package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Waiting;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.InForce;
import io.postmesh.runtime.control.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueTextTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final MailId MAIL =
            MailId.parse("01BX5ZZKBKACTAV9WEVGEMMVRZ").orElseThrow();

    private static Action action(Verb verb) {
        return new Action(
                new ActionId("01BX5ZZKBKACTAV9WEVGEMMVR" + verb.ordinal()),
                verb,
                Selector.ALL,
                "a test",
                "ann",
                Duration.ofHours(1),
                false,
                1,
                0);
    }

    private static Answer answer(Action action, Answer.State state, Answer.Count count, Answer.Seat... seats) {
        var refusal = state == Answer.State.REFUSED ? "too many are in force" : "";
        return new Answer(action.id(), 0, "worker", 1, state, count, List.of(), List.of(seats), 0, refusal);
    }

    private static Replies replies(Action action, Answer... answers) {
        return new Replies(action, NOW, 1, List.of(answers), List.of());
    }

    private static Replies withoutOne(Action action, Answer... answers) {
        var silent = new Replies.Silent(1, Optional.of("worker-2"));
        return new Replies(action, NOW, 2, List.of(answers), List.of(silent));
    }

    private static Answer.Count count(long mails, long done) {
        return new Answer.Count(mails, mails, done, 0, 0, Optional.empty());
    }

    private static InForce standing(Action action, Instant until) {
        return new InForce(action, NOW, until, Optional.empty(), List.of());
    }

    private static Answer.Seat seat(Answer.Place place, Optional<Instant> due, ActionId... actions) {
        var state = new Waiting(
                RecordId.of(MAIL, new int[] {0}),
                MAIL,
                List.of(0),
                due,
                1,
                Optional.empty(),
                Reason.CONNECT,
                0,
                "one.test",
                "demo.test",
                NOW.minusSeconds(60));
        return new Answer.Seat(state, place, List.of(actions));
    }

    @Test
    void whatIsRefusedIsNotSaidToBeInForce() {
        var action = action(Verb.HOLD);
        var refused = replies(action, answer(action, Answer.State.REFUSED, Answer.Count.NOTHING));
        var lines = QueueText.act(refused, Optional.of(NOW));
        assertThat(lines).contains("refused: too many are in force").noneMatch(line -> line.startsWith("in force"));
    }

    @Test
    void whatAnotherOperatorWroteIsSpelledOut() {
        var sender = Selector.Sender.parse("a\u202eb\u00ad@one.test");
        var selector = new Selector(
                false,
                Optional.empty(),
                Optional.of(sender),
                Optional.of("r\u00fcle"),
                Optional.empty(),
                Optional.empty());
        var hold = new Action(
                new ActionId(MAIL.text()), Verb.HOLD, selector, "f\u00fcr", "ann", Duration.ofHours(1), false, 1, 0);
        var shown = "sender=a\\u202eb\\u00ad@one.test rule=r\\u00fcle";
        assertThat(QueueText.actions(List.of(standing(hold, NOW.plusSeconds(60))), NOW))
                .singleElement()
                .asString()
                .contains(shown)
                .endsWith("by ann: f\u00fcr");
        assertThat(QueueText.act(replies(hold), Optional.empty()).getFirst()).contains(shown);
    }

    @Test
    void aResumeStandsAsLongAsTheSuspensionItEnds() {
        var resume = action(Verb.RESUME);
        var said = replies(resume, answer(resume, Answer.State.DONE, Answer.Count.NOTHING));
        var until = QueueText.until(said, List.of(standing(resume, NOW.plusSeconds(7_200))));
        assertThat(QueueText.act(said, until))
                .contains("in force until 2026-11-27T14:00:00Z, also for mail that arrives");
        var suspend = action(Verb.SUSPEND);
        assertThat(QueueText.until(replies(suspend), List.of())).contains(NOW.plusSeconds(3_600));
    }

    @Test
    void aFlushSaysThatItTriesOnceAndWhyMailIsLeft() {
        var flush = action(Verb.FLUSH);
        var lines = QueueText.act(
                replies(flush, answer(flush, Answer.State.DONE, count(2, 0))), Optional.of(NOW.plusSeconds(1)));
        assertThat(lines)
                .anyMatch(line -> line.contains("2  left") && line.contains("suspended or held"))
                .anyMatch(line -> line.startsWith("each is tried once"))
                .noneMatch(line -> line.startsWith("in force"));
        var all = QueueText.act(replies(flush, answer(flush, Answer.State.DONE, count(2, 2))), Optional.empty());
        assertThat(all).noneMatch(line -> line.contains("left"));
    }

    @Test
    void whatIsSuspendedOrHeldIsTriedWhenItIsLetGo() {
        var suspend = action(Verb.SUSPEND);
        var due = Optional.of(NOW.plusSeconds(240));
        var next = new Next(List.of(standing(suspend, NOW.plusSeconds(9_000))), NOW);
        assertThat(next.of(seat(Answer.Place.SUSPENDED, due, suspend.id()))).isEqualTo("when resumed, or 14:30Z");
        assertThat(next.of(seat(Answer.Place.SUSPENDED, due))).isEqualTo("when resumed");
        assertThat(next.of(seat(Answer.Place.HELD, Optional.empty()))).isEqualTo("when released");
        assertThat(next.of(seat(Answer.Place.WAITING, due))).isEqualTo("in 4m 0s");
        assertThat(next.of(seat(Answer.Place.DUE, Optional.of(NOW)))).isEqualTo("now");
        var days = new Next(List.of(standing(suspend, NOW.plus(Duration.ofDays(2)))), NOW);
        assertThat(days.of(seat(Answer.Place.SUSPENDED, due, suspend.id())))
                .isEqualTo("when resumed, or 2026-11-29 12:00Z");
    }

    @Test
    void aListHasALineForEachMailOrSaysThatThereIsNone() {
        var list = action(Verb.LIST);
        var next = new Next(List.of(), NOW);
        var held = answer(list, Answer.State.DONE, count(1, 0), seat(Answer.Place.HELD, Optional.empty()));
        assertThat(QueueText.list(replies(list, held), 50, next))
                .hasSize(2)
                .last()
                .asString()
                .contains("when released");
        var none = answer(list, Answer.State.DONE, Answer.Count.NOTHING);
        assertThat(QueueText.list(replies(list, none), 50, next)).containsExactly("no mail waits");
        assertThat(QueueText.list(withoutOne(list, none), 50, next))
                .containsExactly(
                        "no answer: worker-2, which has partition 1", "no mail waits with the owners that answered");
    }

    @Test
    void aSummaryWithoutOneOwnerSaysSoFirstAndCountsAtLeast() {
        var summary = action(Verb.SUMMARY);
        var some = withoutOne(summary, answer(summary, Answer.State.DONE, count(3, 0)));
        assertThat(QueueText.summary(some, List.of(), 50, NOW))
                .startsWith("no answer: worker-2, which has partition 1")
                .endsWith("at least 3 mails, 3 recipients");
        assertThat(QueueText.summary(withoutOne(summary), List.of(), 50, NOW))
                .endsWith("how many wait is unknown: no owner answered");
    }
}
