package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Action;
import io.postmesh.contract.Action.Verb;
import io.postmesh.contract.Answer;
import io.postmesh.contract.ControlCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Selector;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.control.Replies;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What operators ask of workers on a real Kafka: confirmed by all, done once, and never after a dot.
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class ControlTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Abroad abroad = new Abroad();
    private final HandClock clock = new HandClock();
    private final List<Worker> workers = new ArrayList<>();
    private Workshop workshop;
    private Commander commander;

    private record Worker(String name, Owner owner, Wire wire) {
        void kill() throws Exception {
            wire.cut();
            owner.kill();
        }
    }

    @BeforeEach
    void open() throws Exception {
        workshop = new Workshop(folder);
        commander = workshop.commander();
    }

    @AfterEach
    void close() throws Exception {
        abroad.talkers.countDown();
        abroad.dots.countDown();
        for (var worker : workers) worker.kill();
        commander.close();
        workshop.close();
    }

    private Worker worker(String name, Duration wait) throws Exception {
        var wire = new Wire(workshop.writer);
        var lease = workshop.lease(Clock.systemUTC());
        var owner = workshop.worker(
                name, wire, abroad.of(name), lease, clock, new SimpleMeterRegistry(), wait, Duration.ofSeconds(10));
        var worker = new Worker(name, owner, wire);
        workers.add(worker);
        return worker;
    }

    private Replies ask(Verb verb, Selector selector) throws Exception {
        return ask(verb, selector, false);
    }

    private Replies ask(Verb verb, Selector selector, boolean dry) throws Exception {
        return ask(new Action(Commander.newId(), verb, selector, "a test", "ann", HOUR, dry, 1_000, 100));
    }

    private Replies ask(Verb verb, Selector selector, Duration lasts) throws Exception {
        return ask(new Action(Commander.newId(), verb, selector, "a test", "ann", lasts, false, 1_000, 100));
    }

    private Replies ask(Action action) throws Exception {
        return commander.ask(action, Duration.ofSeconds(30));
    }

    // So many workers, for every partition: a question that meets a partition between two owners has no answer.
    private void allAnswer(int count) {
        soon().until(() -> {
            var summary =
                    new Action(Commander.newId(), Verb.SUMMARY, Selector.ALL, "a test", "ann", HOUR, false, 1_000, 100);
            var replies = commander.ask(summary, Duration.ofSeconds(2));
            var workers = replies.answers().stream().map(Answer::worker).distinct();
            return replies.isComplete() && workers.count() == count;
        });
    }

    private static Selector domain(String name) {
        return new Selector(
                false, Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Selector id(MailId id) {
        return new Selector(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(id));
    }

    private Workshop.Mail arrives(String... to) throws Exception {
        var mail = workshop.mail(to);
        workshop.arrives(mail);
        return mail;
    }

    private Waiting state(Workshop.Mail mail) {
        soon().until(() -> workshop.waiting(mail).size() == 1);
        return workshop.waiting(mail).getFirst();
    }

    private Workshop.Mail putOff(String to) throws Exception {
        abroad.dots.countDown();
        var mail = arrives(to);
        soon().until(() -> workshop.waiting(mail).size() == 1
                && workshop.outcomes(mail).stream().anyMatch(line -> line.kind() == Outcome.Kind.DEFERRED));
        return mail;
    }

    private Outcome last(Workshop.Mail mail) {
        return workshop.outcomes(mail).getLast();
    }

    // What came before a marker has been looked at, when the marker is through.
    private void marker() throws Exception {
        var marker = workshop.mailVia("marker.test", "ok@marker.test");
        workshop.arrives(marker);
        soon().until(() -> !workshop.finals(marker).isEmpty());
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @Test
    void everyOwnerConfirmsAndWhatIsSuspendedWaitsUntilItIsResumed() throws Exception {
        worker("one", HOUR);
        worker("two", HOUR);
        allAnswer(2);
        var replies = ask(Verb.SUSPEND, domain("one.test"));
        assertThat(replies.isComplete()).isTrue();
        assertThat(replies.answers()).hasSize(4).allMatch(answer -> answer.state() == Answer.State.DONE);

        var mail = arrives("a@one.test");
        assertThat(state(mail).reason()).isEqualTo(Reason.SUSPENDED);
        assertThat(state(mail).due().orElseThrow())
                .isAfter(Instant.now().plus(HOUR).minus(MINUTE));
        marker(); // others go on
        assertThat(abroad.about(mail)).isEmpty();
        var queue = queue("one.test");
        assertThat(queue.suspended()).isEqualTo(1);

        assertThat(ask(Verb.RESUME, Selector.ALL).count().done()).isEqualTo(1);
        soon().until(() -> workshop.finals(mail).equals(List.of(0)));
        assertThat(last(mail).kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(abroad.about(mail)).hasSize(1);
    }

    private Answer.Queue queue(String destination) throws Exception {
        return ask(Verb.SUMMARY, Selector.ALL).answers().stream()
                .flatMap(answer -> answer.queues().stream())
                .filter(queue -> queue.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoDoesNotAnswerIsNamedWithItsPartitions() throws Exception {
        worker("one", HOUR);
        var two = worker("two", HOUR);
        allAnswer(2);
        two.wire().cut(); // as if it was stopped: a member still, and silent
        var action = new Action(Commander.newId(), Verb.HOLD, domain("one.test"), "a test", "ann", HOUR, false, 100, 0);
        var replies = commander.ask(action, Duration.ofSeconds(2));
        assertThat(replies.isComplete()).isFalse();
        assertThat(replies.silent()).hasSize(2);
        assertThat(replies.answers())
                .hasSize(2)
                .allMatch(answer -> answer.worker().equals("one"));
    }

    @Test
    void anActionThatADefectEndsIsRefusedWithTheReason() throws Exception {
        var one = worker("one", HOUR);
        allAnswer(1);
        one.wire().trip(record -> record.topic() == Topics.ANSWERS);
        var replies = ask(Verb.SUMMARY, Selector.ALL);
        assertThat(replies.silent()).isEmpty();
        assertThat(replies.refusal().orElseThrow()).contains("a defect");
        assertThat(replies.answers())
                .filteredOn(answer -> answer.state() == Answer.State.DONE)
                .hasSize(3);
        assertThat(ask(Verb.SUMMARY, Selector.ALL).isComplete()).isTrue(); // and the next one is served
    }

    @Test
    void aCancelMeetsMailThatArrivesWhileItIsValidAndNoneAfterwards() throws Exception {
        worker("one", HOUR);
        ask(Verb.CANCEL, domain("one.test"));
        var mail = arrives("a@one.test", "b@another.test");
        soon().until(() -> workshop.finals(mail).equals(List.of(0, 1)));
        var lines = workshop.outcomes(mail);
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.kind()).isEqualTo(Outcome.Kind.CANCELLED);
            assertThat(line.reason()).isEqualTo(Reason.CANCELLED);
            assertThat(line.cause().note()).startsWith("cancel ").endsWith(" by ann: a test");
        });
        assertThat(lines).noneMatch(line -> line.kind() == Outcome.Kind.FAILED); // nobody is told
        assertThat(abroad.about(mail)).isEmpty(); // both are in the queue of one.test

        clock.pass(HOUR.plus(MINUTE));
        var after = arrives("c@one.test");
        soon().until(() -> workshop.finals(after).equals(List.of(0)));
        assertThat(last(after).kind()).isEqualTo(Outcome.Kind.DELIVERED);
    }

    @Test
    void mailPastItsDotIsToldToBeTooLateAndIsDeliveredOnce() throws Exception {
        worker("one", HOUR);
        var mail = arrives("dot-a@one.test");
        soon().until(() -> abroad.dots(mail) == 1);
        var replies = ask(Verb.CANCEL, domain("one.test"));
        assertThat(replies.count().tooLate()).isEqualTo(1);
        assertThat(replies.count().done()).isZero();
        abroad.dots.countDown();
        soon().until(() -> workshop.finals(mail).equals(List.of(0)));
        assertThat(last(mail).kind()).isEqualTo(Outcome.Kind.DELIVERED);
    }

    @Test
    void mailPutOffAtItsDotIsMetAfterwards() throws Exception {
        worker("one", HOUR);
        var mail = arrives("dotlater-a@one.test");
        soon().until(() -> abroad.dots(mail) == 1);
        assertThat(ask(Verb.BOUNCE, id(mail.id())).count().tooLate()).isEqualTo(1);
        abroad.dots.countDown();
        soon().until(() -> workshop.finals(mail).equals(List.of(0)));
        assertThat(last(mail).reason()).isEqualTo(Reason.BOUNCED);
        assertThat(last(mail).reply().orElseThrow().code()).isEqualTo(450);
    }

    @Test
    void mailBeforeItsDotIsNotSentAnyMore() throws Exception {
        worker("one", HOUR);
        var mail = arrives("talk-a@one.test");
        soon().until(() -> abroad.about(mail).size() == 1);
        var replies = ask(Verb.CANCEL, domain("one.test"));
        assertThat(replies.count().inHand()).isEqualTo(1);
        abroad.talkers.countDown();
        soon().until(() -> workshop.finals(mail).equals(List.of(0)));
        assertThat(last(mail).kind()).isEqualTo(Outcome.Kind.CANCELLED);
        assertThat(abroad.dots(mail)).isZero();
    }

    // Its state does not tell who of several domains is still waited for: the mail is read back.
    @Test
    void aCancelOfOneDomainMeetsOnlyItsRecipientsOfMailThatWaits() throws Exception {
        worker("one", HOUR);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "b@another.test");
        assertThat(state(mail).positions()).containsExactly(0, 1);
        ask(Verb.CANCEL, domain("another.test"));
        soon().until(() -> workshop.finals(mail).equals(List.of(1)));
        assertThat(workshop.outcomes(mail))
                .filteredOn(line -> line.kind().isFinal())
                .allMatch(line -> line.kind() == Outcome.Kind.CANCELLED);
        soon().until(() -> workshop.waiting(mail).stream()
                .anyMatch(state -> state.positions().equals(List.of(0))));
    }

    // The others keep their time: nobody called them.
    @Test
    void aCancelOfOneDomainDoesNotCallTheOthersOfTheSameMail() throws Exception {
        worker("one", HOUR);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "b@another.test");
        var due = state(mail).due();
        int talks = abroad.about(mail).size();
        ask(Verb.CANCEL, domain("another.test"));
        assertThat(workshop.finals(mail)).containsExactly(1); // it was answered, so it is written
        assertThat(state(mail).positions()).containsExactly(0);
        assertThat(state(mail).due()).isEqualTo(due);
        marker();
        assertThat(abroad.about(mail)).hasSize(talks);
    }

    @Test
    void aCancelOfOneDomainLeavesTheOthersHeld() throws Exception {
        worker("one", HOUR);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "b@another.test");
        state(mail);
        ask(Verb.HOLD, id(mail.id()));
        soon().until(() -> state(mail).isHeld());
        int talks = abroad.about(mail).size();
        ask(Verb.CANCEL, domain("another.test"));
        assertThat(workshop.finals(mail)).containsExactly(1);
        assertThat(state(mail).positions()).containsExactly(0);
        assertThat(state(mail).isHeld()).isTrue();
        marker();
        assertThat(abroad.about(mail)).hasSize(talks);
        assertThat(ask(Verb.RELEASE, id(mail.id())).count().done()).isEqualTo(1);
        soon().until(() -> abroad.about(mail).size() > talks);
    }

    // L7: no state may name somebody who is final, whatever keeps the others waiting.
    @Test
    void aCancelOfOneDomainIsInTheStateOfTheOthersWhoAreSuspended() throws Exception {
        worker("one", SOON);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "b@another.test");
        state(mail);
        ask(Verb.SUSPEND, domain("one.test"));
        ask(Verb.CANCEL, domain("another.test"));
        assertThat(workshop.finals(mail)).containsExactly(1);
        soon().until(() -> state(mail).positions().equals(List.of(0)));
    }

    // Which of several domains is still waited for only the mail itself knows.
    @Test
    void whoIsHeldByOneOfItsDomainsIsReleasedByIt() throws Exception {
        worker("one", HOUR);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "dotnever-b@another.test");
        state(mail);
        assertThat(ask(Verb.HOLD, domain("another.test")).count().done()).isEqualTo(1);
        assertThat(state(mail).isHeld()).isTrue(); // it was answered, so it is written
        int talks = abroad.about(mail).size();
        assertThat(ask(Verb.FLUSH, domain("another.test")).count().done()).isZero();
        assertThat(ask(Verb.RELEASE, domain("another.test")).count().done()).isEqualTo(1);
        soon().until(() -> abroad.about(mail).size() > talks);
    }

    @Test
    void whoIsSuspendedByOneOfItsDomainsIsResumedByIt() throws Exception {
        worker("one", SOON);
        abroad.dots.countDown();
        var mail = arrives("dotnever-a@one.test", "dotnever-b@another.test");
        state(mail);
        ask(Verb.SUSPEND, domain("another.test"));
        soon().until(() -> {
            int talks = abroad.about(mail).size();
            marker();
            return abroad.about(mail).size() == talks; // attempts at a tenth of a second's distance have ended
        });
        int talks = abroad.about(mail).size();
        ask(Verb.RESUME, domain("another.test"));
        soon().until(() -> abroad.about(mail).size() > talks);
    }

    @Test
    void aHoldOutlivesItsOwnerAndItsTimeAndIsReleasedOnce() throws Exception {
        var first = worker("first", SOON);
        var mail = putOff("dotnever-a@one.test");
        assertThat(ask(Verb.HOLD, domain("one.test")).count().mails()).isEqualTo(1);
        soon().until(() -> state(mail).isHeld());
        int talks = abroad.about(mail).size();
        first.kill();
        worker("second", SOON);
        marker();
        assertThat(state(mail).isHeld()).isTrue();
        assertThat(abroad.about(mail)).hasSize(talks);
        assertThat(queue("one.test").held()).isEqualTo(1);

        // The hold is valid still, but has been heeded: what was released by name is not held again by it.
        assertThat(ask(Verb.RELEASE, id(mail.id())).count().done()).isEqualTo(1);
        soon().until(() -> abroad.about(mail).size() > talks + 2);
        var fresh = arrives("fresh@one.test");
        soon().until(() -> workshop.waiting(fresh).stream().anyMatch(Waiting::isHeld));
        assertThat(abroad.about(fresh)).isEmpty();
    }

    @Test
    void aFlushIsNotForThoseWhoAreHeld() throws Exception {
        worker("one", HOUR);
        ask(Verb.HOLD, domain("one.test"));
        var mail = arrives("a@one.test");
        soon().until(() -> state(mail).isHeld());
        var count = ask(Verb.FLUSH, domain("one.test")).count();
        assertThat(count.mails()).isEqualTo(1);
        assertThat(count.done()).isZero();
        marker();
        assertThat(state(mail).isHeld()).isTrue();
        assertThat(abroad.about(mail)).isEmpty();
    }

    @Test
    void whoIsInAQueueNeedNotWaitForItsTurnToBeEnded() throws Exception {
        worker("one", HOUR);
        clock.stand(); // a conversation that takes long gives its turn to the next one
        // As many talk as a new destination gets; the next one is in the queue.
        for (int i = 0; i < LaneBook.AT_FIRST; i++)
            workshop.arrives(workshop.mailVia("q.test", "talk-" + i + "@q.test"));
        soon().until(() -> abroad.talks.size() == LaneBook.AT_FIRST);
        var queued = workshop.mailVia("q.test", "ok-q@q.test");
        workshop.arrives(queued);
        marker();
        var count = ask(Verb.CANCEL, id(queued.id())).count();
        assertThat(count.inHand()).isEqualTo(1);
        soon().until(() -> workshop.finals(queued).equals(List.of(0)));
        assertThat(last(queued).kind()).isEqualTo(Outcome.Kind.CANCELLED);
        assertThat(abroad.about(queued)).isEmpty();
        assertThat(abroad.talks)
                .filteredOn(talk -> !talk.isPastItsDot())
                .hasSize(LaneBook.AT_FIRST)
                .noneMatch(talk -> talk.steps().contains("over")); // they have their turns still
    }

    @Test
    void whoWaitedAndIsInAQueueForItsTurnIsCountedOnce() throws Exception {
        worker("one", HOUR);
        var mail = workshop.mailVia("q.test", "later-a@q.test");
        workshop.arrives(mail);
        state(mail);
        clock.stand();
        for (int i = 0; i < 10; i++) workshop.arrives(workshop.mailVia("q.test", "talk-" + i + "@q.test"));
        soon().until(() -> abroad.talks.size() > 3); // and the others are in the queue, before it
        ask(Verb.FLUSH, id(mail.id()));
        soon().until(() -> ask(Verb.BOUNCE, id(mail.id()), true).count().inHand() == 1);
        assertThat(ask(Verb.BOUNCE, id(mail.id()), true).count().mails()).isEqualTo(1);
    }

    @Test
    void everybodyWhoWaitsIsMetHoweverManyTheyAre() throws Exception {
        worker("one", HOUR);
        ask(Verb.HOLD, domain("one.test"));
        for (int i = 0; i < 510; i++) arrives("a@one.test");
        soon().until(() -> queue("one.test").held() == 510);
        assertThat(ask(Verb.BOUNCE, domain("one.test"), true).count().mails()).isEqualTo(510);
        var released = ask(Verb.RELEASE, domain("one.test")).count();
        assertThat(released.mails()).isEqualTo(510);
        assertThat(released.done()).isEqualTo(510);
    }

    // What stands is read before the first attempt, and one more than all mail can be held against is refused.
    @Test
    void aWorkerKnowsAllThatStandsBeforeItAttemptsAnythingAndRefusesWhatIsTooMuch() throws Exception {
        for (int i = 1; i < Orders.MOST; i++) workshop.stands(hold("d" + i + ".test"));
        workshop.stands(hold("one.test"));
        var mail = arrives("a@one.test");
        worker("one", HOUR);
        soon().until(() -> state(mail).isHeld());
        assertThat(abroad.about(mail)).isEmpty();

        var another = hold("another.test");
        var replies = ask(another);
        assertThat(replies.answers()).hasSize(4).allMatch(answer -> answer.state() == Answer.State.REFUSED);
        soon().until(() -> workshop.keys(Topics.CONTROL).size() == Orders.MOST);
        assertThat(workshop.keys(Topics.CONTROL)).doesNotContain(another.id().text());
    }

    @Test
    void whoTakesOverAPartitionWaitsUntilAllThatWasSaidIsKnown() throws Exception {
        for (int i = 0; i < 2; i++) workshop.stands(hold("d" + i + ".test")).get(30, TimeUnit.SECONDS);
        var orders = new Orders();
        var answers = LedgerLog.of(workshop.writer);
        try (var control = new Control(workshop.kafka, orders, "one", answers, Runnable::run, clock)) {
            var waits = new CompletableFuture<Void>();
            var known = CompletableFuture.supplyAsync(() -> {
                try {
                    control.await(2, () -> isOver(waits));
                    return orders.standing().size();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(waits).succeedsWithin(30, TimeUnit.SECONDS);
            control.open();
            assertThat(known).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(2);
            assertThatThrownBy(() -> control.await(99, () -> true)).isInstanceOf(TopicScan.Stopped.class);
        }
    }

    private static boolean isOver(CompletableFuture<Void> waits) {
        waits.complete(null);
        return false;
    }

    private static Action hold(String domain) {
        return new Action(Commander.newId(), Verb.HOLD, domain(domain), "a test", "ann", HOUR, false, 100, 0);
    }

    @Test
    void whatIsTakenBackHoldsNobodyAnyMore() throws Exception {
        worker("one", HOUR);
        var hold = hold("one.test");
        ask(hold);
        var mail = arrives("a@one.test");
        soon().until(() -> state(mail).isHeld());
        commander.end(hold.id());
        soon().until(() -> {
            var fresh = arrives("fresh@one.test"); // until the worker has heard of it
            soon().until(() -> !workshop.outcomes(fresh).isEmpty());
            return !abroad.about(fresh).isEmpty();
        });
        assertThat(state(mail).isHeld()).isTrue(); // it was held, and stays so until it is released
    }

    @Test
    void aFlushTriesEachOnce() throws Exception {
        worker("one", HOUR);
        var mail = putOff("dotnever-a@one.test");
        assertThat(ask(Verb.FLUSH, domain("one.test"), true).count().mails()).isEqualTo(1);
        assertThat(abroad.about(mail)).hasSize(1); // it was counted only
        assertThat(ask(Verb.FLUSH, domain("one.test")).count().done()).isEqualTo(1);
        soon().until(() -> state(mail).attempts() == 2);
        marker();
        assertThat(abroad.about(mail)).hasSize(2);
        assertThat(state(mail).due().orElseThrow()).isAfter(Instant.now().plus(MINUTE));
    }

    // LEDGER L5: all partitions share a rate, also those that were added later.
    @Test
    void whatIsReleasedAtARateIsSpreadOverAllPartitionsThereAre() throws Exception {
        worker("one", HOUR);
        ask(Verb.HOLD, domain("one.test"));
        var mails = List.of(arrives("a@one.test"), arrives("b@one.test"));
        for (var mail : mails) soon().until(() -> state(mail).isHeld());
        workshop.partitions = 4_000;
        ask(new Action(Commander.newId(), Verb.RELEASE, domain("one.test"), "a test", "ann", HOUR, false, 1, 100));
        soon().until(() -> mails.stream()
                        .flatMap(mail -> workshop.waiting(mail).stream())
                        .flatMap(state -> state.due().stream())
                        .filter(due -> due.isAfter(Instant.now().plus(HOUR)))
                        .count()
                == 1);
    }

    @Test
    void aFormerOwnersUnfinishedWorkIsDoneByTheNextOne() throws Exception {
        var first = worker("first", HOUR);
        var mail = putOff("dotnever-a@one.test");
        first.kill();
        var action =
                new Action(Commander.newId(), Verb.CANCEL, domain("one.test"), "a test", "ann", HOUR, false, 100, 0);
        assertThat(commander.ask(action, SOON).silent()).hasSize(4); // there is nobody
        worker("second", HOUR);
        soon().until(() -> workshop.finals(mail).equals(List.of(0)));
        assertThat(last(mail).kind()).isEqualTo(Outcome.Kind.CANCELLED);
        assertThat(workshop.waiting(mail)).isEmpty();
    }

    // LEDGER, scenarios: 60 recipients at 3 next hops, one deferred for days, `bounce` meanwhile.
    @Test
    void sixtyRecipientsAtThreeNextHopsOneDeferredForDaysAndBouncedMeanwhile() throws Exception {
        abroad.dots.countDown();
        var first = worker("first", HOUR);
        var id = MailId.of(System.currentTimeMillis(), 5, 6);
        var parts = Stream.of("ok-one.test", "no-two.test", "dotnever-three.test")
                .map(name -> part(id, name))
                .toList();
        for (int hop = 0; hop < 3; hop++) workshop.arrives(parts.get(hop));
        var mail = parts.getFirst();
        soon().until(() ->
                workshop.finals(mail).size() == 40 && workshop.waiting(mail).size() == 1);
        clock.pass(Duration.ofDays(2));
        soon().until(() -> workshop.waiting(mail).getFirst().attempts() == 2);
        first.kill();
        worker("second", HOUR);
        var replies = ask(Verb.BOUNCE, id(id), HOUR.multipliedBy(72)); // our clock is two days ahead of Kafka's
        assertThat(replies.count().recipients()).isEqualTo(20);
        soon().until(() -> workshop.finals(mail).size() == 60);
        assertThat(workshop.finals(mail))
                .containsExactlyElementsOf(IntStream.range(0, 60).boxed().toList());
        var bounced = workshop.outcomes(mail).stream()
                .filter(line -> line.reason() == Reason.BOUNCED)
                .toList();
        assertThat(bounced).hasSize(1);
        assertThat(bounced.getFirst().what().failure()).isPresent(); // all a report needs (L10)
        assertThat(bounced.getFirst().recipients()).hasSize(20);
        assertThat(workshop.waiting(mail)).isEmpty();
        assertThat(workshop.bodies(mail)).isEmpty();
        assertThat(ask(Verb.BOUNCE, id(id), HOUR.multipliedBy(72)).count()).isEqualTo(Answer.Count.NOTHING);
    }

    private Workshop.Mail part(MailId id, String name) {
        int hop = List.of("ok-one.test", "no-two.test", "dotnever-three.test").indexOf(name);
        var local = name.substring(0, name.indexOf('-') + 1);
        var domain = name.substring(name.indexOf('-') + 1);
        var to = IntStream.range(0, 20).mapToObj(i -> local + i + "@" + domain).toArray(String[]::new);
        return workshop.part(id, domain, 20 * hop, to);
    }

    @Test
    void anAnswerIsKeptWhileSomebodyMayStillReadIt() throws Exception {
        var answers = LedgerLog.of(workshop.writer);
        var control = new Control(workshop.kafka, new Orders(), "one", answers, Runnable::run, clock);
        workshop.writeLate(Topics.ANSWERS, "asked/0/1", new byte[] {1}, 1);
        clock.pass(MINUTE.multipliedBy(9));
        control.tick(true);
        workshop.writeLate(Topics.ANSWERS, "behind/0/1", new byte[] {1}, 1);
        assertThat(workshop.keys(Topics.ANSWERS)).containsExactly("asked/0/1", "behind/0/1");
        clock.pass(MINUTE.multipliedBy(2));
        control.tick(true);
        soon().until(() -> workshop.keys(Topics.ANSWERS).isEmpty());
        control.close();
    }

    // Nobody could end it.
    @Test
    void anActionUnderAnotherKeyThanItsIdIsNotObeyed() throws Exception {
        worker("one", HOUR);
        var action = new Action(Commander.newId(), Verb.HOLD, Selector.ALL, "a test", "ann", HOUR, false, 100, 0);
        workshop.write(Topics.CONTROL, Commander.newId().text(), ControlCodec.encode(action));
        allAnswer(1); // whoever answers has read what was written before
        marker();
    }

    @Test
    void whatNobodyNeedsAnyMoreGetsItsTombstone() throws Exception {
        worker("one", HOUR);
        for (int i = 0; i < 20; i++) ask(Verb.HOLD, domain("d" + i + ".test"));
        assertThat(workshop.keys(Topics.CONTROL)).hasSize(20);
        assertThat(workshop.keys(Topics.ANSWERS)).hasSize(80);
        clock.pass(HOUR.plus(MINUTE));
        soon().until(() -> workshop.keys(Topics.CONTROL).isEmpty()
                && workshop.keys(Topics.ANSWERS).isEmpty());
    }
}
