package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.waiting.Identity;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who was being attempted when a former owner ended (LEDGER L14, L15, L19).
class DoubtsTest {
    private static final MailId ID = MailId.of(1, 2, 3);
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final Identity FIRST = Identity.of(ID, 0);
    private static final Identity SECOND = Identity.of(ID, 1);

    private final Doubts doubts = new Doubts();
    private final FinishedMemory finished = new FinishedMemory();

    private static Outcome line(Outcome.Kind kind, int attempt, int crashes, Integer... positions) {
        var record = RecordId.of(ID, new int[] {0, 1});
        var to = List.of(positions).stream().map(_ -> "a@one.test").toList();
        return new Outcome(
                new Outcome.About(ID, record, List.of(positions), to, "", NOW, "one.test", false),
                what(kind),
                Outcome.Cause.of(Reason.INTERNAL),
                new Outcome.By("old", attempt, crashes),
                Outcome.Heard.NOTHING,
                NOW);
    }

    private static Outcome.What what(Outcome.Kind kind) {
        return switch (kind) {
            case FAILED -> Outcome.What.failed(new Outcome.Failure(new byte[0], false, false, Optional.empty()));
            case HANDED_OVER -> Outcome.What.handedOver(NOW);
            case ATTEMPTED, DELIVERED, DEFERRED, DROPPED_DUPLICATE, CANCELLED -> Outcome.What.of(kind);
        };
    }

    @Test
    void aNoteWithoutAResultIsACrashMore() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 3, 1, 0, 1), 5, 70);
        doubts.read(line(Outcome.Kind.DELIVERED, 3, 0, 0), 5, 71);
        assertThat(doubts.besides(finished)).containsOnlyKeys(SECOND);
        assertThat(doubts.besides(finished)).containsValue(new Doubts.Doubt(3, 2, Optional.empty(), 70, 5));
    }

    @Test
    void whatWasHandedOverIsNoCrashAndIsAwaited() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 1, 0, 1), 5, 70);
        doubts.read(line(Outcome.Kind.HANDED_OVER, 1, 1, 0, 1), 5, 80);
        assertThat(doubts.besides(finished)).containsValue(new Doubts.Doubt(1, 1, Optional.of(NOW), 70, 5));
    }

    @Test
    void aNoteThatComesAfterALaterOwnersLineWasFollowedByNoDot() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 0, 0), 6, 70);
        doubts.read(line(Outcome.Kind.DEFERRED, 1, 0, 0), 6, 71);
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 0, 0), 5, 72);
        assertThat(doubts.besides(finished)).isEmpty();
    }

    @Test
    void aDeferralByAnEarlierOwnerIsNoResultOfALaterOnesNote() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 0, 0), 5, 70);
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 1, 0), 6, 71);
        doubts.read(line(Outcome.Kind.DEFERRED, 1, 0, 0), 5, 72);
        assertThat(doubts.besides(finished)).containsValue(new Doubts.Doubt(1, 2, Optional.empty(), 71, 6));
        doubts.read(line(Outcome.Kind.DEFERRED, 1, 0, 0), 6, 73);
        assertThat(doubts.besides(finished)).isEmpty();
    }

    // It is awaited, for it may be a delivery; and who took over meanwhile died all the same.
    @Test
    void aHandOverThatComesAfterALaterOwnersNoteIsAwaitedAndEndsNotThatOnesDoubt() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 0, 0), 5, 70);
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 1, 0), 6, 71);
        doubts.read(line(Outcome.Kind.HANDED_OVER, 1, 0, 0), 5, 72);
        doubts.read(line(Outcome.Kind.DEFERRED, 1, 0, 0), 5, 73);
        assertThat(doubts.besides(finished)).containsValue(new Doubts.Doubt(1, 2, Optional.of(NOW), 71, 6));
    }

    @Test
    void whoIsFinalIsBeyondDoubt() {
        doubts.read(line(Outcome.Kind.ATTEMPTED, 1, 0, 0), 5, 70);
        finished.add(FIRST, 71);
        assertThat(doubts.besides(finished)).isEmpty();
    }
}
