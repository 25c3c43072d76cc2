package io.postmesh.delivery.owner;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches those whose time has come out of the waiting room, as far as there is room for them beside new mail.
final class Returns {
    private static final Logger log = LoggerFactory.getLogger(Returns.class);
    private static final int AT_ONCE = 64;
    private static final Duration UNREADABLE = Duration.ofHours(1);

    private final Station at;
    private final Desk desk;
    private final Book book;
    private final Shelf shelf;
    private final Turns turns;
    private final AtomicInteger fetching = new AtomicInteger();

    Returns(Station at, Turns turns) {
        this.at = at;
        this.desk = at.desk();
        this.book = at.book();
        this.shelf = at.shelf();
        this.turns = turns;
    }

    void tick() {
        int most = AT_ONCE - fetching.get();
        if (most <= 0 || !shelf.hasRoomForWaited()) return;
        var now = desk.clock().instant();
        for (var state : book.call(now, most)) call(state, now);
    }

    // A resting destination gets no mail read back for it, unless the mail's time is up: then it is told so.
    private void call(Waiting state, Instant now) {
        // L15: another worker is past its dot with it.
        var until = book.awaited(state.id(), state.positions()).map(Custody::patience);
        if (until.isPresent() && until.get().isAfter(now)) {
            callAgain(state, until.get());
            return;
        }
        desk.meters().doubted(book.overdue(state.id(), state.positions()));
        var suspended = desk.orders().on(Traits.of(state), state.heeded(), now);
        if (suspended instanceof Order.Wait(var resumed, var _)
                && !desk.schedule().isOver(state.acceptedAt(), now)) {
            callAgain(state, resumed);
            return;
        }
        var rests = desk.lanes().restsUntil(state.destination());
        if (rests.isAfter(now) && !desk.schedule().isOver(state.acceptedAt(), now)) {
            callAgain(state, rests);
            return;
        }
        fetching.incrementAndGet();
        at.crew().workAside(state.id(), () -> {
            try {
                turns.dispatch(shelf.put(fetch(state)));
            } catch (ExecutionException | BadRecord e) {
                // Nobody is forgotten: it keeps its seat, and somebody has to look.
                desk.meters().unreadable(1);
                log.error("{} waits, but its mail cannot be read back: {}", state.id(), e.getMessage());
                callAgain(state, now.plus(UNREADABLE));
            } finally {
                fetching.decrementAndGet();
            }
        });
    }

    private void callAgain(Waiting state, Instant due) {
        if (book.callAgain(state.record(), due)) return;
        at.crew().workAside(state.id(), () -> at.scribe().mend(state.record()));
    }

    /// Reads a waiting mail back.
    Letter fetch(Waiting state) throws InterruptedException, ExecutionException, BadRecord {
        var record = desk.bodies().read(at.partition(), state.bodyOffset()).get();
        var mail = Signed.mail(record.value());
        var wanted = new HashSet<>(state.positions());
        var recipients = mail.envelope().recipients().stream()
                .filter(to -> wanted.contains(to.position()))
                .toList();
        if (recipients.size() != wanted.size()) throw new BadRecord("the record lacks recipients of its state");
        return new Letter(
                state.record(),
                mail,
                record.value(),
                new StoredBody(mail, desk.blobs()),
                recipients,
                state.attempts(),
                book.crashes(state.id(), state.positions()),
                new Letter.Source.Waited(state, record.key()),
                Signed.trace(record.headers()),
                state.heeded());
    }
}
