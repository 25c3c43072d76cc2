package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector.Match;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does to one who waits what operators want of it: a new state, another time, or an end. Called by the [Steward], who
/// knows whom it concerns.
final class Bailiff {
    private static final Logger log = LoggerFactory.getLogger(Bailiff.class);
    private static final int AT_ONCE = 64;
    private static final int READING = 16; // each holds its mail in memory until it is written down

    private final Station at;
    private final Desk desk;
    private final Book book;
    private final Turns turns;
    private final Returns returns;
    private final Set<RecordId> later = ConcurrentHashMap.newKeySet(); // had a letter on its way when they were meant
    private final Semaphore writing = new Semaphore(AT_ONCE);
    private final Semaphore reading = new Semaphore(READING);

    Bailiff(Station at, Turns turns, Returns returns) {
        this.at = at;
        this.desk = at.desk();
        this.book = at.book();
        this.turns = turns;
        this.returns = returns;
    }

    /// These have a letter on its way: they are looked at again when it is done with.
    void await(Collection<RecordId> some) {
        later.addAll(some);
    }

    boolean isAwaited() {
        return !later.isEmpty();
    }

    /// They may be back.
    void lookAgain() throws InterruptedException, LeaseLost {
        for (var record : later) {
            if (book.isBusy(record)) continue;
            switch (book.seat(record)) {
                case WaitingRoom.Seat.Taken(var state) -> {
                    later.remove(record);
                    apply(state, spare());
                }
                case WaitingRoom.Seat.Free _ -> later.remove(record);
                case WaitingRoom.Seat.Unknown _ -> {} // asked again when everybody is known
            }
        }
    }

    /// For work that nobody is told of.
    Undertaking spare() {
        return new Undertaking(Optional.empty(), desk.partitions().getAsInt());
    }

    /// It waits, and yet another worker is past its dot with it and will say what came of it (L15): too late for
    /// everything.
    boolean isAnothers(Waiting state) {
        return book.awaited(state.id(), state.positions())
                .filter(until -> Custody.patience(until).isAfter(desk.clock().instant()))
                .isPresent();
    }

    /// What all that stands makes of somebody who waits.
    void apply(Waiting state, Undertaking errand) throws InterruptedException {
        if (isAnothers(state)) {
            later.add(state.record());
            return;
        }
        var traits = Traits.of(state);
        var now = desk.clock().instant();
        if (isUnsure(state, traits)) {
            readBack(state, errand);
            return;
        }
        switch (desk.orders().on(traits, state.heeded(), now)) {
            case Order.End _ -> readBack(state, errand);
            case Order.Hold(var by, var heeded) -> {
                if (state.isHeld()) errand.stays();
                else revise(state, seat -> seat.with(Optional.empty(), Reason.HELD, heeded), errand, errand::stays);
            }
            case Order.Wait _ -> errand.stays(); // asked again when its time comes
            case Order.Go go -> go(state, go, now, errand);
        }
    }

    // What it has heeded cannot mean it again, but for a suspension: that is a condition.
    private boolean isUnsure(Waiting state, Traits traits) {
        return desk.orders().standing().stream()
                .filter(one -> one.offset() >= state.heeded() || one.isCondition())
                .anyMatch(one -> one.action().match(traits) == Match.UNSURE);
    }

    private void go(Waiting state, Order.Go go, Instant now, Undertaking errand) throws InterruptedException {
        if (state.isHeld()) {
            if (!go.isReleased()) return;
            var due = errand.next(now, go.called());
            revise(state, seat -> seat.with(Optional.of(due), seat.reason(), go.heeded()), errand, errand::done);
        } else if (go.called().isPresent() || errand.resumes(state, now)) {
            if (go.called().isPresent()) desk.lanes().wake(state.destination());
            book.callSooner(state.record(), errand.next(now, go.called()));
            errand.done();
        }
    }

    private void revise(Waiting state, UnaryOperator<Waiting> change, Undertaking errand, Runnable written)
            throws InterruptedException {
        give(writing, state.record(), errand, () -> {
            if (at.scribe().revise(state.record(), change)) written.run();
            else later.add(state.record());
        });
    }

    // Only the mail knows who of its recipients is for whom, and the ledger's last word on it names everybody.
    private void readBack(Waiting state, Undertaking errand) throws InterruptedException {
        give(reading, state.record(), errand, () -> {
            var taken = book.takeSeat(state.record());
            if (taken.isEmpty()) {
                later.add(state.record());
                return;
            }
            var seat = taken.get();
            try {
                meant(at.shelf().put(returns.fetch(seat)), seat, errand);
            } catch (ExecutionException | BadRecord e) {
                desk.meters().unreadable(1);
                log.error("{} waits, but its mail cannot be read back: {}", seat.id(), e.getMessage());
                free(seat.record());
            }
        });
    }

    private void meant(Letter letter, Waiting seat, Undertaking errand) throws InterruptedException, LeaseLost {
        switch (turns.on(letter)) {
            case Order.End(var by) -> {
                turns.end(letter, by);
                errand.done();
            }
            case Order.Hold(var by, var _) -> {
                turns.hold(letter, by);
                errand.stays();
            }
            case Order.Wait _ -> {
                putBack(letter, seat);
                errand.stays(); // asked again when its time comes
            }
            case Order.Go go -> {
                putBack(letter, seat);
                go(seat, go, desk.clock().instant(), errand);
            }
        }
    }

    private void putBack(Letter letter, Waiting seat) throws InterruptedException, LeaseLost {
        at.shelf().remove(letter);
        free(seat.record());
    }

    private void free(RecordId record) throws InterruptedException, LeaseLost {
        if (!book.freed(record)) at.scribe().mend(record);
    }

    private void give(Semaphore most, RecordId record, Undertaking errand, Crew.Work work) throws InterruptedException {
        most.acquire();
        errand.begun();
        at.crew().workAside(record, () -> {
            try {
                work.run();
            } finally {
                errand.ended();
                most.release();
            }
        });
    }
}
