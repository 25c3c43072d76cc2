package io.postmesh.delivery.owner;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.waiting.RetrySchedule;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What other workers wrote of this partition, and what is to be done about it (LEDGER L15, L16). Nothing that is told
/// here makes the teller wait.
final class Hearsay implements Tail.Listener {
    private static final Logger log = LoggerFactory.getLogger(Hearsay.class);

    private final Station at;
    private final Turns turns;

    Hearsay(Station at, Turns turns) {
        this.at = at;
        this.turns = turns;
    }

    @Override
    public int epoch() {
        return at.epoch();
    }

    /// Another worker wrote this line.
    ///
    /// @param epoch  of the owner who wrote it
    /// @param offset in `mail.outcomes`
    @Override
    public void told(Outcome line, int epoch, long offset) {
        if (Lines.isTheLast(line)) {
            synchronized (at.order()) {
                at.book().finalElsewhere(line.id(), line.positions(), offset);
                release(line);
            }
            at.crew().workAside(line.id(), () -> at.scribe().settledElsewhere(line.record()));
        } else if (line.kind() == Outcome.Kind.DEFERRED && !at.book().isOvertaken(line.id(), line.positions(), epoch)) {
            synchronized (at.order()) {
                at.book().putOffElsewhere(line.id(), line.positions());
                release(line);
            }
            putOff(line);
        }
    }

    private void putOff(Outcome line) {
        var book = at.book();
        if (book.awaited(line.id(), line.positions()).isEmpty()) return;
        if (line.reason() == Reason.SHUTDOWN) {
            book.beyondDoubt(line.id(), line.positions());
            book.callSooner(line.record(), at.desk().clock().instant());
        } else {
            at.crew().workAside(line.id(), () -> at.scribe().putOffElsewhere(line, state -> due(state, line)));
        }
    }

    private Instant due(Waiting state, Outcome said) {
        var now = at.desk().clock().instant();
        var schedule = at.desk().schedule();
        return switch (schedule.after(said.by().attempt(), state.acceptedAt(), now, ThreadLocalRandom.current())) {
            case RetrySchedule.TryAgain(var then) -> then;
            case RetrySchedule.GiveUp _ -> now; // once more, and then it is told so
        };
    }

    private void release(Outcome line) {
        for (var released : at.custody().told(line)) at.crew().workAside(line.id(), () -> adopt(released));
    }

    private void adopt(Custody.Released released) throws InterruptedException, LeaseLost {
        var putOff = released.putOff();
        if (putOff.results().isEmpty()) {
            at.scribe().finish(released.letter());
            return;
        }
        var some = putOff.results().stream().map(Result::recipient).toList();
        var letter = released.letter().with(some).beforeTheAttempt();
        if (Settlement.isVoid(putOff)) turns.dispatch(letter);
        else at.scribe().adopt(letter, turns.after(putOff, letter));
    }

    /// A former owner wrote about this record after its time.
    ///
    /// @param offset in `mail.waiting`
    @Override
    public void overruled(RecordId record, long offset) {
        at.book().late(record, offset);
        overruled(record);
    }

    /// The same, as it was found when the partition was taken over.
    void overruled(RecordId record) {
        log.warn(
                "partition {}: a former owner wrote a state of {} after its time; it is written over",
                at.partition(),
                record);
        at.crew().workAside(record, () -> at.scribe().mend(record));
    }

    /// Everybody who waits is known. Some of them were settled long ago, or a former owner wrote of them after its
    /// time.
    void gathered(Gathering.Found found) {
        found.overruled().forEach(this::overruled);
        for (var record : found.settled())
            at.crew().workAside(record, () -> at.scribe().settledElsewhere(record));
    }

    /// Time has passed, and nobody will write some of the results any more (L15, L19).
    void tick() {
        at.custody().overdue(at.desk().clock().instant()).forEach(this::inDoubt);
    }

    private void inDoubt(Letter letter) {
        var places = letter.recipients().stream().map(Recipient::position).toList();
        at.desk().meters().doubted(at.book().overdue(letter.envelope().id(), places));
        turns.dispatch(letter);
    }
}
