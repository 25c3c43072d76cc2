package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.plan.Providers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The order in which an owner writes, and what a kill between any two writes costs (LEDGER L6 to L11, L17, L18).
@Timeout(300)
class LedgerTest {
    private static final Duration SOON = Duration.ofMillis(100);

    @TempDir
    private static Path folder;

    private static Workshop workshop;
    private final Remotes remotes = new Remotes();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void open() throws Exception {
        workshop = new Workshop(folder);
    }

    @AfterAll
    static void close() {
        workshop.close();
    }

    private Owner worker(LedgerLog log) throws Exception {
        return workshop.worker(log, remotes, Clock.systemUTC(), meters, SOON);
    }

    // One mail, one recipient of each fate, ten writes: note; delivered, failed; body; state; deferral; note of the
    // second attempt; delivered; the state's tombstone, the body's.
    private static Workshop.Mail mixed() {
        return workshop.mail("ok-a@one.test", "no-b@one.test", "later-c@one.test");
    }

    @Test
    void theTimeToTheFirstAttemptIsToldOnceWhateverFollows() throws Exception {
        var own = new SimpleMeterRegistry();
        try (var _ = workshop.worker(LedgerLog.of(workshop.writer), remotes, Clock.systemUTC(), own, SOON)) {
            var mail = workshop.mail("later-once@one.test");
            workshop.arrives(mail);
            soon().until(() -> workshop.finals(mail).size() == 1);
        }
        var firsts = own.get("postmesh_message_time_to_first_attempt_seconds").tag("provider", Providers.OTHER);
        assertThat(firsts.timer().count()).isEqualTo(1);
    }

    @Test
    void writesFollowTheOrderOfTheLedgerAndEachAwaitsTheOneBefore() throws Exception {
        var log = new HeldLog(workshop.writer);
        var clock = new HandClock();
        var mail = mixed();
        try (var worker = workshop.worker(log, remotes, clock, meters, SOON)) {
            soon().until(() -> workshop.committed().isPresent()); // so what comes now, nobody has read before
            workshop.arrives(mail);
            // L6: the first attempt talks while its note is on its way, and waits for it before the dot.
            var note = log.next();
            assertOutcome(note, Outcome.Kind.ATTEMPTED);
            soon().until(() -> remotes.steps.contains("dot?"));
            assertThat(remotes.steps).doesNotContain("dot");
            note.acknowledge();

            // L7: finals first, together; nothing else before both are acknowledged.
            var delivered = log.next();
            var failed = log.next();
            assertOutcome(delivered, Outcome.Kind.DELIVERED);
            assertOutcome(failed, Outcome.Kind.FAILED);
            delivered.acknowledge();
            assertThat(log.isEmpty()).isTrue();
            failed.acknowledge();

            // L8: the whole mail, then the state that names its offset.
            var body = log.next();
            assertThat(body.record().topic()).isEqualTo(Topics.WAITING_BODIES);
            assertThat(body.record().value()).isEqualTo(mail.record());
            assertThat(log.isEmpty()).isTrue();
            body.acknowledge();
            var state = log.next();
            assertThat(state.record().topic()).isEqualTo(Topics.WAITING);
            var waiting =
                    LedgerCodec.waiting(Objects.requireNonNull(state.record().value()));
            assertThat(waiting.positions()).containsExactly(2);
            assertThat(waiting.bodyOffset()).isEqualTo(body.real().get().offset());
            assertThat(log.isEmpty()).isTrue();
            state.acknowledge();
            var deferred = log.next();
            assertOutcome(deferred, Outcome.Kind.DEFERRED);
            // Its time has come, and has been looked at; but this attempt's result is not there yet.
            clock.pass(Duration.ofMinutes(1));
            long before = clock.asked();
            soon().until(() -> clock.asked() > before + 50); // some five ticks
            assertThat(log.isEmpty()).isTrue();
            remotes.steps.clear();
            deferred.acknowledge();

            // L6: the second attempt says nothing to the remote before its note is there.
            var second = log.next();
            assertOutcome(second, Outcome.Kind.ATTEMPTED);
            assertThat(remotes.steps).containsExactly("start?");
            second.acknowledge();
            var atLast = log.next();
            assertOutcome(atLast, Outcome.Kind.DELIVERED);
            assertThat(log.isEmpty()).isTrue();
            atLast.acknowledge();

            // L8: the state's tombstone, then the body's.
            var noState = log.next();
            assertThat(noState.record().topic()).isEqualTo(Topics.WAITING);
            assertThat(noState.record().value()).isNull();
            assertThat(log.isEmpty()).isTrue();
            noState.acknowledge();
            var noBody = log.next();
            assertThat(noBody.record().topic()).isEqualTo(Topics.WAITING_BODIES);
            assertThat(noBody.record().value()).isNull();
            assertThat(noBody.record().key()).isEqualTo(body.record().key());
            noBody.acknowledge();

            // L9: whoever reads it later knows which owner wrote.
            for (var write : new HeldLog.Held[] {note, body, state, noState, noBody}) {
                assertThat(Workshop.headersOf(write.record())).containsKey("epoch");
            }
            // L11: committed without anybody asking.
            soon().until(LedgerTest::allIsCommitted);
        }
    }

    private static void assertOutcome(HeldLog.Held write, Outcome.Kind kind) throws BadRecord {
        assertThat(write.record().topic()).isEqualTo(Topics.OUTCOMES);
        var outcome = LedgerCodec.outcome(Objects.requireNonNull(write.record().value()));
        assertThat(outcome.kind()).isEqualTo(kind);
        // L10: a failure carries what a report needs.
        assertThat(outcome.what().failure().isPresent()).isEqualTo(kind == Outcome.Kind.FAILED);
        outcome.what()
                .failure()
                .ifPresent(f -> assertThat(new String(f.headers(), java.nio.charset.StandardCharsets.US_ASCII))
                        .contains("Subject: a test"));
    }

    private static boolean allIsCommitted() {
        return workshop.committed().filter(at -> at.offset() == workshop.end()).isPresent();
    }

    /// @param write   the worker is killed at it
    /// @param reaches whether that write is in Kafka
    /// @param doubted recipients the next owner finds in doubt (L19)
    /// @param ok      dots the recipient saw that is delivered in the first attempt; `no` and `later` likewise
    private record Kill(int write, boolean reaches, int doubted, int ok, int no, int later) {}

    private static final List<Kill> KILLS = List.of(
            new Kill(1, false, 0, 1, 1, 2), // the note is not there: no dot was sent
            new Kill(1, true, 3, 1, 1, 2),
            new Kill(2, false, 3, 2, 2, 2), // past the dot and no result: the one case that sends twice
            new Kill(2, true, 2, 1, 2, 2),
            new Kill(3, false, 2, 1, 2, 2),
            new Kill(3, true, 1, 1, 1, 2),
            new Kill(4, false, 1, 1, 1, 2),
            new Kill(4, true, 1, 1, 1, 2),
            new Kill(5, false, 1, 1, 1, 2),
            new Kill(5, true, 0, 1, 1, 2),
            new Kill(6, false, 0, 1, 1, 2),
            new Kill(6, true, 0, 1, 1, 2),
            new Kill(7, false, 0, 1, 1, 2),
            new Kill(7, true, 1, 1, 1, 2),
            new Kill(8, false, 1, 1, 1, 3), // again past the dot
            new Kill(8, true, 0, 1, 1, 2),
            new Kill(9, false, 0, 1, 1, 2),
            new Kill(9, true, 0, 1, 1, 2),
            new Kill(10, false, 0, 1, 1, 2),
            new Kill(10, true, 0, 1, 1, 2));

    // Whoever puts one victim's affairs in order is the next victim.
    @Test
    void aKillAtAnyWriteLosesNobodyAndRepeatsOnlyWhatWasPastItsDot() throws Exception {
        var fuse = new Fuse(workshop.writer);
        var worker = worker(fuse);
        for (var kill : KILLS) {
            var mail = mixed();
            var blown = fuse.light(kill.write(), kill.reaches());
            workshop.arrives(mail);
            blown.get(60, TimeUnit.SECONDS);
            worker.kill();

            fuse = new Fuse(workshop.writer);
            var next = new SimpleMeterRegistry();
            worker = workshop.worker(fuse, remotes, Clock.systemUTC(), next, SOON);
            soon().until(() ->
                    workshop.finals(mail).size() >= 3 && workshop.waiting(mail).isEmpty());
            assertThat(workshop.finals(mail)).as("%s: each is final once", kill).containsExactly(0, 1, 2);
            var seen = new Kill(
                    kill.write(),
                    kill.reaches(),
                    (int) next.counter("postmesh_delivery_in_doubt_total").count(),
                    remotes.dots(mail.id(), 0),
                    remotes.dots(mail.id(), 1),
                    remotes.dots(mail.id(), 2));
            assertThat(seen).isEqualTo(kill);
        }
        soon().until(LedgerTest::allIsCommitted);
        worker.close();
    }

    // L9
    @Test
    void whileAWriteIsOldNobodyIsTalkedTo() throws Exception {
        var log = new HeldLog(workshop.writer);
        var mail = workshop.mail("ok-a@one.test");
        var marker = workshop.mail("ok-a@one.test");
        var clock = new HandClock();
        log.oldest = Duration.ofMillis(2_001);
        try (var worker = workshop.worker(log, remotes, clock, meters, SOON)) {
            assertThat(worker.trouble()).isPresent();
            workshop.arrives(mail);
            workshop.arrives(marker);
            long before = clock.asked();
            soon().until(() -> clock.asked() > before + 200); // some twenty ticks
            assertThat(remotes.steps).isEmpty();
            log.oldest = Duration.ZERO;
            for (int i = 0; i < 4; i++) log.next().acknowledge(); // notes and results of both
            soon().until(() -> remotes.dots(mail.id(), 0) == 1);
        }
    }

    // L12: whoever finds no turn within a minute is parked, and the offset is finished like any other.
    @Test
    void whoFindsNoTurnIsParkedAndServedLater() throws Exception {
        var clock = new HandClock();
        var log = LedgerLog.of(workshop.writer);
        var talking = new ArrayList<Workshop.Mail>();
        for (int i = 0; i < LaneBook.AT_FIRST; i++) talking.add(workshop.mail("slow-" + i + "@one.test"));
        var next = workshop.mail("ok-d@one.test");
        try (var worker = workshop.worker(log, remotes, clock, meters, SOON)) {
            for (var mail : talking) workshop.arrives(mail);
            workshop.arrives(next);
            soon().until(() -> remotes.steps.stream().filter("start?"::equals).count() == LaneBook.AT_FIRST);
            // Time is put forward until it is there, too: it may not have been read at first.
            soon().until(() -> {
                clock.pass(Duration.ofSeconds(61));
                return !workshop.waiting(next).isEmpty();
            });
            assertThat(workshop.waiting(next).getFirst().reason()).isEqualTo(Reason.CANNOT_START);
            assertThat(workshop.waiting(next).getFirst().attempts()).isZero();
            remotes.patience.countDown();
            soon().until(() -> {
                clock.pass(Duration.ofSeconds(61));
                return workshop.finals(next).size() == 1;
            });
            for (var mail : talking) soon().until(() -> workshop.finals(mail).size() == 1);
            soon().until(LedgerTest::allIsCommitted);
        }
    }

    // L18: the input is read again from its start when its commits are gone.
    @Test
    void aPartitionWhoseCommitIsLostIsReadAgainAndNobodyGetsAnythingTwice() throws Exception {
        var mail = workshop.mail("ok-a@one.test");
        try (var worker = worker(LedgerLog.of(workshop.writer))) {
            workshop.arrives(mail);
            soon().until(() -> workshop.finals(mail).size() == 1);
            soon().until(LedgerTest::allIsCommitted);
        }
        workshop.forgetCommits();
        try (var worker = worker(LedgerLog.of(workshop.writer))) {
            soon().until(LedgerTest::allIsCommitted);
        }
        assertThat(remotes.dots(mail.id(), 0)).isEqualTo(1);
        assertThat(workshop.finals(mail)).containsExactly(0);
    }

    // L8: a body whose state was never written is swept by a later owner; one that somebody waits for is not.
    @Test
    void bodiesWithoutAStateAreSweptAndNoOthers() throws Exception {
        var orphan = workshop.mail("later-a@one.test");
        var fuse = new Fuse(workshop.writer);
        var killed = worker(fuse);
        var blown = fuse.light(3, false); // note, body, and then no state
        workshop.arrives(orphan);
        blown.get(60, TimeUnit.SECONDS);
        killed.kill();
        assertThat(workshop.bodies(orphan)).hasSize(1);

        var waits = workshop.mail("later-b@one.test");
        var hour = Duration.ofHours(1);
        var plain = LedgerLog.of(workshop.writer);
        try (var worker = workshop.worker(plain, remotes, Clock.systemUTC(), meters, hour)) {
            workshop.arrives(waits);
            soon().until(() -> workshop.waiting(waits).size() == 1);
            soon().until(() -> workshop.finals(orphan).size() == 1);
        }
        // A state nobody can read is still a state: the only copy of its mail is not for the sweep.
        var unclear = workshop.mail("ok-c@one.test");
        var record = RecordId.of(unclear.id(), new int[] {0});
        workshop.write(Topics.WAITING_BODIES, record + "/1", unclear.record());
        workshop.write(Topics.WAITING, record.text(), Workshop.NO_STATE);
        var clock = new HandClock();
        try (var worker = workshop.worker(plain, remotes, clock, meters, hour)) {
            soon().until(() -> worker.trouble().isEmpty());
            assertThat(meters.counter("postmesh_delivery_unreadable_total").count())
                    .isPositive();
            clock.pass(Duration.ofMinutes(11));
            soon().until(() -> workshop.bodies(orphan).isEmpty());
            assertThat(workshop.bodies(waits)).hasSize(1);
            assertThat(workshop.bodies(unclear)).hasSize(1);
            clock.pass(Duration.ofHours(2));
            soon().until(() -> workshop.finals(waits).size() == 1);
            soon().until(() -> workshop.bodies(waits).isEmpty());
        }
        workshop.write(Topics.WAITING, record.text(), null); // what an operator would do
    }

    @Test
    void whoseBodyIsGoneKeepsItsPlaceAndIsCounted() throws Exception {
        var mail = workshop.mail("ok-a@one.test");
        var record = RecordId.of(mail.id(), new int[] {0});
        var gone = workshop.write(Topics.WAITING_BODIES, record + "/1", null);
        var now = Instant.now();
        var state = new Waiting(
                record,
                mail.id(),
                List.of(0),
                Optional.of(now),
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                gone.offset(),
                "one.test",
                "sender.test",
                now);
        workshop.write(Topics.WAITING, record.text(), LedgerCodec.encode(state));
        try (var worker = worker(LedgerLog.of(workshop.writer))) {
            var unreadable = meters.counter("postmesh_delivery_unreadable_total");
            soon().until(() -> unreadable.count() > 0);
            soon().until(() -> worker.trouble().isEmpty()); // the other partitions are being taken over
        }
        assertThat(workshop.waiting(mail)).hasSize(1);
        workshop.write(Topics.WAITING, record.text(), null); // what an operator would do
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
