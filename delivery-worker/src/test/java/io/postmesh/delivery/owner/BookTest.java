package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is admitted, what is a repetition, and when an offset is finished (LEDGER L11, L18).
class BookTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final ReplayPositions positions = new ReplayPositions(0, 0, 100, 200);
    private final Book book = new Book(new Inheritance(
            1,
            Tracker.from(0),
            new FinishedMemory(),
            positions,
            "topic",
            WaitingRoom.onHeap(),
            Optional.empty(),
            0,
            Map.of(),
            100,
            200,
            Set.of()));

    private static Envelope envelope(String... to) {
        return Papers.envelope(to);
    }

    private Admission admit(long offset, Envelope envelope) {
        return book.admit(envelope, book.arrives(offset).orElseThrow()).orElseThrow();
    }

    private static Letter letter(Admission admission, Envelope envelope) {
        var mail = new MailRecord(envelope, Slice.EMPTY, Slice.EMPTY);
        var group = admission.fresh().getFirst();
        return new Letter(
                group.key(),
                mail,
                RecordCodec.encode(mail),
                () -> new ByteArrayInputStream(new byte[0]),
                group.recipients(),
                group.attempts(),
                group.crashes(),
                new Letter.Source.Arrived(admission.claim(), false),
                List.of());
    }

    private static Waiting state(Letter letter, int... waiting) {
        return new Waiting(
                letter.key(),
                letter.envelope().id(),
                java.util.Arrays.stream(waiting).boxed().toList(),
                Optional.of(NOW),
                1,
                Optional.empty(),
                Reason.PUT_OFF,
                5,
                "one.test",
                "sender.test",
                NOW);
    }

    private long low() {
        return book.commit(1).offset();
    }

    @Test
    void aRecipientThatIsFinalIsARepetitionAndItsRecordIsFinishedAtOnce() {
        var envelope = envelope("a@one.test");
        var first = admit(0, envelope);
        var letter = letter(first, envelope);
        book.finalised(letter, letter.recipients(), 100);
        book.closed(letter);
        var again = admit(1, envelope);
        assertThat(again.fresh()).isEmpty();
        assertThat(again.repeated()).hasSize(1);
        book.release(again.claim());
        assertThat(low()).isEqualTo(2);
    }

    @Test
    void aRepetitionOfWhatIsInProgressHoldsItsOffsetUntilThatIsFinalOrWaits() {
        var envelope = envelope("a@one.test", "b@one.test");
        var first = admit(0, envelope);
        var letter = letter(first, envelope);
        var again = admit(1, envelope);
        assertThat(again.repeated()).hasSize(2);
        book.release(again.claim()); // it was said in the ledger that it was dropped
        assertThat(low()).isZero();

        book.finalised(letter, List.of(letter.recipients().getFirst()), 100);
        book.closed(letter); // as if only its own offset counted
        assertThat(low()).isEqualTo(1); // the repetition still waits for the second recipient
        book.seated(state(letter, 1));
        assertThat(low()).isEqualTo(2);
    }

    @Test
    void aRecipientThatWaitsIsARepetition() {
        var envelope = envelope("a@one.test");
        var first = admit(0, envelope);
        var letter = letter(first, envelope);
        book.seated(state(letter, 0));
        book.closed(letter);
        assertThat(admit(1, envelope).repeated()).hasSize(1);
        assertThat(book.isNameless(letter.key(), 5)).isFalse();
        assertThat(book.isNameless(letter.key(), 6)).isTrue();
        book.left(letter.key());
        assertThat(book.isNameless(letter.key(), 5)).isTrue();
    }

    @Test
    void othersOfTheSameMailAreServed() {
        var both = envelope("a@one.test", "b@one.test");
        var one = Papers.with(both, List.of(both.recipients().getFirst()));
        admit(0, one);
        var rest = admit(1, both);
        assertThat(rest.fresh().getFirst().recipients())
                .containsExactly(both.recipients().getLast());
        assertThat(rest.repeated()).containsExactly(both.recipients().getFirst());
    }

    // L11: the lowest offset of anything written for a letter still open, else the end.
    @Test
    void theNextOwnerReadsFromTheFirstWordOnAnOpenLetter() {
        var envelope = envelope("a@one.test");
        var letter = letter(admit(0, envelope), envelope);
        positions.wrote(Topics.OUTCOMES, 149);
        positions.writing(letter, Topics.OUTCOMES);
        positions.wrote(Topics.OUTCOMES, 150);
        positions.writing(letter, Topics.WAITING);
        positions.wrote(Topics.WAITING, 300);
        positions.wrote(Topics.OUTCOMES, 170); // somebody else's
        assertThat(book.commit(1).bookmark().outcomesFrom()).isEqualTo(150);
        assertThat(book.commit(1).bookmark().waitingFrom()).isEqualTo(200);
        book.closed(letter);
        assertThat(book.commit(1).bookmark().outcomesFrom()).isEqualTo(171);
        assertThat(book.commit(1).bookmark().waitingFrom()).isEqualTo(301);
    }

    @Test
    void untilTheFormerOwnersInputIsThroughItsOutcomesAreReadAgain() {
        var inherited = new ReplayPositions(40, 10, 100, 200);
        assertThat(inherited.outcomesFrom(9)).isEqualTo(40);
        assertThat(inherited.outcomesFrom(10)).isEqualTo(100);
    }
}
