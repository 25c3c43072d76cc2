package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.lane.Sign;
import io.postmesh.delivery.lane.Turn;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Witness;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.WaitingBodies;
import io.postmesh.delivery.waiting.WaitingRoom;
import io.postmesh.runtime.kafka.NotWritten;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.Written;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.trace.Trace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an attempt of a suspect writes when it is acquitted (LEDGER L19), at every point of its way.
@Timeout(120)
class AttemptTest {
    private static final int CRASHES = 3;
    private static final int EPOCH = 7;
    private static final Instant DEADLINE = Instant.parse("2026-11-27T10:00:00Z");

    @TempDir
    private static Path folder;

    private static final ServiceRun parts = ServiceRun.named("attempts");
    private static Desk desk;
    private static final Told told = new Told();

    private final Lease lease = Lease.of(Duration.ofMinutes(10));
    private final Crew crew = new Crew(Runnable::run, lease, () -> {});
    private Scribe scribe;
    private Attempt attempt;
    private Station station;

    /// Has everything at once, or never.
    private static final class Told implements LedgerLog {
        private final List<Outcome> lines = new ArrayList<>();
        private boolean closed;

        @Override
        public CompletableFuture<Written> send(OutRecord record) {
            try {
                lines.add(LedgerCodec.outcome(Objects.requireNonNull(record.value())));
            } catch (BadRecord e) {
                throw new AssertionError(e);
            }
            if (closed) return CompletableFuture.failedFuture(new NotWritten(NotWritten.Why.CLOSED, "closed"));
            return CompletableFuture.completedFuture(new Written(record.topic(), Workshop.PARTITION, lines.size()));
        }

        @Override
        public Duration oldestInFlight() {
            return Duration.ZERO;
        }
    }

    @BeforeAll
    static void open() throws Exception {
        var workshop = parts.open(new Workshop(folder));
        var clock = Clock.systemUTC();
        desk = workshop.desk(
                told,
                parts.open(Indexes.open(folder.resolve("index"))),
                parts.open(WaitingBodies.open(workshop.kafka)),
                parts.open(WaitingTopic.open(workshop.kafka, clock)),
                parts.open(new LaneBook(
                        new LaneBook.Limits(10, 250, Duration.ofSeconds(60), 4 << 20), clock, () -> false)));
    }

    @AfterAll
    static void close() {
        parts.close();
    }

    @BeforeEach
    void begin() {
        told.lines.clear();
        told.closed = false;
        lease.confirmed(lease.now());
        var positions = new ReplayPositions(0, 0, 0, 0);
        var ledger = new Ledger(told, Workshop.PARTITION, EPOCH, positions, () -> true);
        var book = new Book(new Inheritance(
                EPOCH,
                Tracker.from(0),
                new FinishedMemory(),
                positions,
                "topic",
                WaitingRoom.onHeap(),
                Optional.empty(),
                0,
                Map.of(),
                0,
                0,
                Set.of()));
        var shelf = new Shelf(1 << 20);
        scribe = new Scribe(desk, ledger, book, shelf, new Later(crew));
        station = new Station(Workshop.PARTITION, EPOCH, desk, book, shelf, crew, scribe, new Custody(), new Object());
        attempt = attempt(suspect());
    }

    private Attempt attempt(Letter letter) {
        var begun = new Attempt(
                crew, scribe, letter, () -> true, AttemptSpan.begin(Trace.untold(), letter), Witness.NOBODY);
        assertThat(crew.begins(begun)).isTrue();
        return begun;
    }

    private static Letter suspect() {
        var plain = Wanted.letter(1);
        return new Letter(
                plain.key(),
                plain.mail(),
                plain.value(),
                plain.body(),
                plain.recipients(),
                1,
                CRASHES,
                plain.source(),
                plain.trace());
    }

    private static List<Integer> crashes() {
        return told.lines.stream().map(line -> line.by().crashes()).toList();
    }

    private static List<Outcome.Kind> kinds() {
        return told.lines.stream().map(Outcome::kind).toList();
    }

    @Test
    void onItsWayItNotesOneDeathLess() {
        assertThat(attempt.mayStart()).isTrue();
        attempt.acquit();
        assertThat(kinds()).containsExactly(Outcome.Kind.ATTEMPTED, Outcome.Kind.ATTEMPTED);
        assertThat(crashes()).containsExactly(CRASHES, CRASHES - 1);
    }

    // Its remote took its time to greet.
    @Test
    void whoIsAcquittedBeforeItsNoteHasItInItsNote() {
        attempt.acquit();
        assertThat(kinds()).isEmpty();
        assertThat(attempt.mayStart()).isTrue();
        assertThat(crashes()).containsExactly(CRASHES - 1);
    }

    // The next owner waits for its result; a note would have it attempt at once.
    @Test
    void behindItsHandOverItWritesNothing() {
        assertThat(attempt.mayStart() && attempt.mayFinish()).isTrue();
        assertThat(crew.handOver(DEADLINE)).hasSize(1);
        attempt.acquit();
        assertThat(kinds()).containsExactly(Outcome.Kind.ATTEMPTED, Outcome.Kind.HANDED_OVER);
    }

    @Test
    void afterItsPartitionWentOrItsConversationEndedItWritesNothing() {
        assertThat(attempt.mayStart() && attempt.mayFinish()).isTrue();
        crew.gone();
        attempt.acquit();
        attempt.conclude(new Report(List.of(), "", ""));
        attempt.acquit();
        assertThat(kinds()).containsExactly(Outcome.Kind.ATTEMPTED);
    }

    // It may have killed a worker before there was a note of it, and must not do so unseen again.
    @Test
    void onlyWhatNobodyCanHaveDiedOverStartsBeforeItsNoteIsWritten() {
        told.closed = true;
        assertThat(attempt(Wanted.letter(Wanted.arrived(false), 1)).mayStart()).isTrue();
        assertThat(attempt(Wanted.letter(Wanted.arrived(true), 1)).mayStart()).isFalse();
        Thread.interrupted();
        var waited = new Letter.Source.Waited(Wanted.waiting("r", "one.test", Optional.empty()), new byte[0]);
        assertThat(attempt(Wanted.letter(waited, 1)).mayStart()).isFalse();
        Thread.interrupted();
    }

    // Whoever hangs past its dot is counted otherwise.
    @Test
    void itsLaneLearnsThatItsDotIsOutAndThatItIsAnswered() {
        var steps = new ArrayList<String>();
        var turn = new Turn() {
            @Override
            public void bound(String provider) {
                steps.add("bound");
            }

            @Override
            public void dotted() {
                steps.add("dotted");
            }

            @Override
            public void answered() {
                steps.add("answered");
            }

            @Override
            public void over(Sign sign) {
                steps.add("over");
            }
        };
        var letter = Wanted.letter(1);
        new Trip(new Turns(station), letter).run(turn);
        assertThat(steps).startsWith("bound", "dotted", "answered", "over");
    }
}
