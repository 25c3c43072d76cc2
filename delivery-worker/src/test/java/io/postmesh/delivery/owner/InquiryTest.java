package io.postmesh.delivery.owner;

import static io.postmesh.delivery.owner.Wanted.NOW;
import static io.postmesh.delivery.owner.Wanted.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Orders;
import io.postmesh.mail.SmtpReply;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private final Orders orders = new Orders();

    private Inquiry of(Verb verb, Selector selector, int limit) {
        return new Inquiry(Wanted.action(verb, selector, 1, limit), orders, NOW);
    }

    private static Waiting later(String record, String destination) {
        return waiting(record, destination, Optional.of(NOW.plusMillis(1)));
    }

    private static Waiting tried(String record, int attempts, String reply, Reason reason, Instant acceptedAt) {
        var said = Optional.of(reply).filter(text -> !text.isEmpty()).map(text -> SmtpReply.of(450, text));
        return waiting(record, "one.test", Optional.of(NOW.plusMillis(1)), reason, attempts, said, acceptedAt);
    }

    private static Answer answer(Inquiry inquiry) {
        return inquiry.answer(2, "worker", 7);
    }

    @Test
    void aSummaryCountsEachPlaceOfEachDestinationTheFullestFirst() {
        orders.take(0, NOW, Wanted.action(Verb.SUSPEND, Wanted.domain("two.test"), 1, 0));
        var inquiry = of(Verb.SUMMARY, Selector.ALL, 0);
        inquiry.waits(later("a", "one.test"));
        inquiry.waits(waiting("b", "two.test", Optional.of(NOW)));
        inquiry.waits(waiting("c", "one.test", Optional.of(NOW)));
        inquiry.waits(waiting("d", "one.test", Optional.empty()));
        inquiry.inHand(Wanted.letter(3), false);
        inquiry.inHand(Wanted.letter(new Letter.Source.Waited(later("e", "one.test"), new byte[0]), 2), true);

        var answer = answer(inquiry);
        assertThat(answer.state()).isEqualTo(Answer.State.DONE);
        assertThat(answer.partition()).isEqualTo(2);
        assertThat(answer.epoch()).isEqualTo(7);
        assertThat(answer.more()).isZero();
        assertThat(answer.count().mails()).isEqualTo(6);
        assertThat(answer.count().recipients()).isEqualTo(13);
        assertThat(answer.queues()).extracting(Answer.Queue::destination).containsExactly("one.test", "two.test");
        var one = answer.queues().getFirst();
        assertThat(one.waiting()).isEqualTo(1);
        assertThat(one.due()).isEqualTo(1);
        assertThat(one.held()).isEqualTo(1);
        assertThat(one.suspended()).isZero();
        assertThat(one.inHand()).isEqualTo(2);
        assertThat(answer.queues().getLast().suspended()).isEqualTo(1);
    }

    @Test
    void aQueueTellsOfItsOldestAndOfTheOneThatWasTriedMost() {
        var inquiry = of(Verb.SUMMARY, Selector.ALL, 0);
        inquiry.waits(tried("a", 1, "4.2.0 first", Reason.GREYLISTED, NOW));
        inquiry.waits(tried("b", 3, "4.2.1 third", Reason.PUT_OFF, NOW.minusSeconds(60)));
        inquiry.waits(tried("c", 2, "4.2.2 second", Reason.GREYLISTED, NOW.minusSeconds(30)));
        inquiry.waits(tried("d", 4, "", Reason.LIMIT, NOW.minusSeconds(10)));
        var queue = answer(inquiry).queues().getFirst();
        assertThat(queue.attempts()).isEqualTo(4);
        assertThat(queue.reason()).isEqualTo(Reason.LIMIT);
        assertThat(queue.lastReply().orElseThrow().text()).contains("third"); // the last that said anything
        assertThat(queue.oldest()).contains(NOW.minusSeconds(60));
        assertThat(queue.waiting()).isEqualTo(4);
    }

    @Test
    void onlyWhatIsAskedForIsTold() {
        var inquiry = of(Verb.SUMMARY, Wanted.domain("one.test"), 0);
        inquiry.waits(later("a", "one.test"));
        inquiry.waits(later("b", "two.test"));
        assertThat(answer(inquiry).count().mails()).isEqualTo(1);
        assertThat(answer(inquiry).queues()).hasSize(1);
    }

    @Test
    void aListIsNoLongerThanAskedForAndSaysWhatItLeftOut() {
        var hold = orders.take(0, NOW, Wanted.action(Verb.HOLD, Wanted.domain("one.test"), 1, 0));
        var inquiry = of(Verb.LIST, Selector.ALL, 2);
        for (int i = 0; i < 5; i++) inquiry.waits(later("a" + i, "one.test"));
        var answer = answer(inquiry);
        assertThat(answer.seats()).hasSize(2);
        assertThat(answer.more()).isEqualTo(3);
        assertThat(answer.count().mails()).isEqualTo(5);
        assertThat(answer.queues()).isEmpty();
        assertThat(answer.seats().getFirst().place()).isEqualTo(Answer.Place.WAITING);
        assertThat(answer.seats().getFirst().actions())
                .containsExactly(hold.orElseThrow().action().id());
    }

    @Test
    void destinationsBeyondThoseToldApartAreCountedTogether() {
        var inquiry = of(Verb.SUMMARY, Selector.ALL, 0);
        for (int i = 0; i < Inquiry.MOST_DESTINATIONS; i++) inquiry.waits(later("a" + i, "d" + i + ".test"));
        assertThat(answer(inquiry).queues()).hasSize(500).noneMatch(InquiryTest::isOthers);
        inquiry.waits(later("b", "late.test"));
        inquiry.waits(later("c", "later.test"));
        inquiry.waits(later("d", "later.test"));
        inquiry.waits(later("e", "d7.test")); // known already
        var answer = answer(inquiry);
        assertThat(answer.queues())
                .filteredOn(InquiryTest::isOthers)
                .singleElement()
                .satisfies(others -> assertThat(others.waiting()).isEqualTo(3));
        assertThat(answer.queues().getFirst().destination()).isEqualTo("d7.test");
        assertThat(answer.queues().getFirst().waiting()).isEqualTo(2);
        assertThat(answer.queues()).noneMatch(queue -> queue.destination().startsWith("late"));
        assertThat(answer.more()).isEqualTo(Inquiry.MOST_DESTINATIONS - 500);
        assertThat(answer.count().mails()).isEqualTo(Inquiry.MOST_DESTINATIONS + 4);
    }

    private static boolean isOthers(Answer.Queue queue) {
        return queue.destination().equals(Answer.Queue.OTHERS);
    }

    @Test
    void anAnswerStaysARecordKafkaTakesWhateverWaits() {
        var list = of(Verb.LIST, Selector.ALL, Integer.MAX_VALUE);
        for (int i = 0; i < 2_003; i++) list.waits(later("a" + i, "one.test"));
        assertThat(answer(list).seats()).hasSize(2_000);
        assertThat(answer(list).more()).isEqualTo(3);

        var summary = of(Verb.SUMMARY, Selector.ALL, 0);
        for (int i = 0; i < 502; i++) summary.waits(later("a" + i, "d" + i + ".test"));
        summary.waits(later("b", "d7.test"));
        assertThat(answer(summary).queues()).hasSize(500);
        assertThat(answer(summary).queues().getFirst().destination()).isEqualTo("d7.test");
        assertThat(answer(summary).more()).isEqualTo(2);
    }
}
