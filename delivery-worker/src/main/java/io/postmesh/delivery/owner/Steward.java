package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector.Match;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.control.Standing;
import io.postmesh.delivery.waiting.WaitingRoom;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what operators want of one partition, one action after the other, and answers.
///
/// Mail in hand is not taken out of a conversation: it is looked at before MAIL FROM and before its dot, and once more
/// here when its letter is done with. Mail that waits is looked at in stretches, and each is given to whoever writes.
final class Steward {
    private static final Logger log = LoggerFactory.getLogger(Steward.class);
    private static final int STRETCH = 500;
    private static final int AT_ONCE = 64;
    private static final int ENDING = 16; // each holds its mail in memory

    private interface Look {
        void at(Waiting state) throws InterruptedException, LeaseLost;
    }

    /// Who does the work.
    record Hands(Shelf shelf, Crew crew, Custody custody, Returns returns, Scribe scribe) {}

    private final PartitionOwner owner;
    private final Desk desk;
    private final Book book;
    private final Hands hands;
    private final Roll roll;
    private final ConcurrentLinkedQueue<Crew.Work> wishes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean working = new AtomicBoolean();
    private final Set<RecordId> later = ConcurrentHashMap.newKeySet(); // had a letter on its way when they were meant
    private final Semaphore writing = new Semaphore(AT_ONCE);
    private final Semaphore ending = new Semaphore(ENDING);

    Steward(PartitionOwner owner, Desk desk, Book book, Hands hands) {
        this.owner = owner;
        this.desk = desk;
        this.book = book;
        this.hands = hands;
        this.roll = new Roll(desk.orders());
    }

    /// The partition was taken over: a former owner may not have got through with what stands.
    void begin() {
        if (!desk.orders().standing().isEmpty()) wish(this::catchUp);
    }

    /// Called on the thread that hears; never waits.
    void told(Standing one) {
        wish(() -> answer(one));
    }

    void refuse(Standing one, String why) {
        desk.control().answer(answer(one, Answer.State.REFUSED, Answer.Count.NOTHING, why));
    }

    private void wish(Crew.Work what) {
        wishes.add(what);
        work();
    }

    // Only when everybody who waits is known (L17): after a take-over that is soon.
    private void work() {
        if (wishes.isEmpty() || !book.isWhole() || !hands.crew().owns()) return;
        if (!working.compareAndSet(false, true)) return;
        hands.crew().workAside("control of partition " + owner.partition(), () -> {
            try {
                while (book.isWhole() && hands.crew().owns()) {
                    var next = wishes.poll();
                    if (next == null) break;
                    next.run();
                    // Its index failed meanwhile (L20): whoever was not seen is seen the next time, once for each mail.
                    if (!book.isWhole()) wishes.add(next);
                }
            } finally {
                working.set(false);
            }
            work(); // a wish may have come after the last look, when somebody was at work still
        });
    }

    /// Time has passed: those who had a letter on its way may be back, and the roll may be old.
    void tick() {
        if (!later.isEmpty() && wishes.isEmpty()) wish(this::lookAgain);
        work();
        if (!roll.isOld(desk.clock().instant())) return;
        roll.asked();
        wish(this::callTheRoll);
    }

    private void lookAgain() throws InterruptedException, LeaseLost {
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

    // For work that nobody is told of.
    private Undertaking spare() {
        return new Undertaking(Optional.empty(), desk.kafka().ownerPartitions());
    }

    long queued(Answer.Place place) {
        return roll.queued(place);
    }

    private void callTheRoll() throws InterruptedException, LeaseLost {
        roll.begin(desk.clock().instant());
        everybody(state -> roll.count(state, desk.clock().instant()));
        roll.end(desk.clock().instant());
    }

    private void catchUp() throws InterruptedException, LeaseLost {
        var all = new LinkedHashMap<Standing, Undertaking>();
        for (var one : desk.orders().standing()) {
            all.put(one, new Undertaking(Optional.of(one), desk.kafka().ownerPartitions()));
        }
        everybody(state -> {
            var meant = spare();
            for (var one : all.entrySet()) {
                if (one.getKey().offset() < state.heeded() || !isMeant(one.getKey(), state)) continue;
                meant = one.getValue();
                meant.waits(state);
            }
            apply(state, meant);
        });
        for (var one : all.entrySet()) {
            one.getValue().awaitAll(() -> progress(one.getKey(), one.getValue()));
            desk.control()
                    .answer(answer(
                            one.getKey(), Answer.State.DONE, one.getValue().count(), ""));
        }
    }

    private static boolean isMeant(Standing one, Waiting state) {
        return one.action().selector().match(Traits.of(state)) != Match.NO;
    }

    private void answer(Standing one) throws InterruptedException, LeaseLost {
        var action = one.action();
        if (!one.isValid(desk.clock().instant())) return; // whoever asked has gone
        switch (action.verb()) {
            case SUMMARY, LIST -> desk.control().answer(inquire(one));
            case SUSPEND, RESUME, HOLD, RELEASE, FLUSH, BOUNCE, CANCEL -> carryOut(one);
        }
    }

    private Answer inquire(Standing one) throws InterruptedException, LeaseLost {
        var inquiry = new Inquiry(one.action(), desk.orders(), desk.clock().instant());
        var inHand = lettersOf(one.action());
        var dotted = hands.crew().dotted();
        for (var letter : inHand) inquiry.inHand(letter, isPastItsDot(letter, dotted));
        var taken = keys(inHand);
        everybody(state -> {
            if (!taken.contains(state.record())) inquiry.waits(state);
        });
        return inquiry.answer(owner.partition(), desk.control().worker(), owner.epoch());
    }

    private void carryOut(Standing one) throws InterruptedException, LeaseLost {
        var errand = new Undertaking(Optional.of(one), desk.kafka().ownerPartitions());
        boolean dry = one.action().dryRun();
        var inHand = lettersOf(one.action());
        var dotted = hands.crew().dotted();
        for (var letter : inHand) errand.inHand(letter, isPastItsDot(letter, dotted));
        var taken = keys(inHand);
        if (!dry) {
            later.addAll(taken);
            recall(one.action());
            progress(one, errand);
        }
        everybody(state -> {
            if (!isMeant(one, state) || taken.contains(state.record())) return;
            errand.waits(state);
            if (!dry) apply(state, errand);
            errand.everySecond(() -> progress(one, errand));
        });
        errand.awaitAll(() -> progress(one, errand));
        desk.control().answer(answer(one, Answer.State.DONE, errand.count(), ""));
        log.info("partition {}: {} {}", owner.partition(), one.note(), errand.count());
    }

    private void progress(Standing one, Undertaking errand) {
        desk.control().answer(answer(one, Answer.State.CONFIRMED, errand.count(), ""));
    }

    // In stretches, so that nobody else waits for the book.
    private void everybody(Look each) throws InterruptedException, LeaseLost {
        var last = Optional.<RecordId>empty();
        List<Waiting> stretch;
        do {
            stretch = book.after(last, STRETCH);
            for (var state : stretch) each.at(state);
            if (!stretch.isEmpty()) last = Optional.of(stretch.getLast().record());
        } while (stretch.size() == STRETCH && hands.crew().owns());
    }

    private List<Letter> lettersOf(Action action) {
        return hands.shelf().letters().values().stream()
                .filter(letter -> action.selector().matches(letter.traits()))
                .toList();
    }

    private static Set<RecordId> keys(List<Letter> letters) {
        var keys = new HashSet<RecordId>();
        letters.forEach(letter -> keys.add(letter.key()));
        return keys;
    }

    private boolean isPastItsDot(Letter letter, Set<RecordId> dotted) {
        return dotted.contains(letter.key()) || hands.custody().keeps(letter.key());
    }

    // Who waits for a turn need not wait for it to learn that there is none.
    private void recall(Action action) {
        switch (action.verb()) {
            case SUSPEND, HOLD, BOUNCE, CANCEL -> {
                var taken = desk.lanes()
                        .recall(
                                owner,
                                errand -> errand instanceof Trip trip
                                        && action.selector()
                                                .matches(trip.letter().traits()));
                for (var errand : taken) if (errand instanceof Trip trip) owner.dispatchAgain(trip.letter());
            }
            case RESUME, RELEASE, FLUSH, SUMMARY, LIST -> {}
        }
    }

    /// What all that stands makes of somebody who waits.
    private void apply(Waiting state, Undertaking errand) throws InterruptedException {
        var traits = Traits.of(state);
        var now = desk.clock().instant();
        if (isUnsure(traits)) {
            end(state, errand);
            return;
        }
        switch (desk.orders().on(traits, state.heeded(), now)) {
            case Order.End _ -> end(state, errand);
            case Order.Hold(var by, var heeded) -> {
                if (state.isHeld()) errand.done();
                else revise(state, seat -> seat.with(Optional.empty(), Reason.HELD, heeded), errand);
            }
            case Order.Wait _ -> errand.done(); // asked again when its time comes
            case Order.Go go -> go(state, go, now, errand);
        }
    }

    private boolean isUnsure(Traits traits) {
        return desk.orders().standing().stream()
                .anyMatch(one -> one.action().selector().match(traits) == Match.UNSURE);
    }

    private void go(Waiting state, Order.Go go, Instant now, Undertaking errand) throws InterruptedException {
        if (state.isHeld()) {
            if (!go.isReleased()) return;
            var due = errand.next(now, go.called());
            revise(state, seat -> seat.with(Optional.of(due), seat.reason(), go.heeded()), errand);
        } else if (go.called().isPresent() || errand.resumes(state, now)) {
            if (go.called().isPresent()) desk.lanes().wake(state.destination());
            book.callSooner(state.record(), errand.next(now, go.called()));
            errand.done();
        }
    }

    private void revise(Waiting state, UnaryOperator<Waiting> change, Undertaking errand) throws InterruptedException {
        give(writing, state.record(), errand, () -> {
            if (hands.scribe().revise(state.record(), change)) errand.done();
            else later.add(state.record());
        });
    }

    // Its mail is read back: the ledger's last word on it names everybody, and only the mail knows who is for whom.
    private void end(Waiting state, Undertaking errand) throws InterruptedException {
        give(ending, state.record(), errand, () -> {
            var taken = book.takeSeat(state.record());
            if (taken.isEmpty()) {
                later.add(state.record());
                return;
            }
            var seat = taken.get();
            try {
                var letter = hands.shelf().put(hands.returns().fetch(seat));
                meant(letter, seat, errand);
                errand.done();
            } catch (ExecutionException | BadRecord e) {
                desk.meters().unreadable(1);
                log.error("{} waits, but its mail cannot be read back: {}", seat.id(), e.getMessage());
                free(seat.record());
            }
        });
    }

    private void meant(Letter letter, Waiting seat, Undertaking errand) throws InterruptedException, LeaseLost {
        switch (owner.on(letter)) {
            case Order.End _, Order.Hold _ -> owner.dispatchAgain(letter);
            case Order.Wait _ -> backToItsSeat(letter, seat);
            case Order.Go go -> {
                backToItsSeat(letter, seat);
                var now = desk.clock().instant();
                if (go.called().isPresent() && !seat.isHeld())
                    book.callSooner(seat.record(), errand.next(now, go.called()));
            }
        }
    }

    private void backToItsSeat(Letter letter, Waiting seat) throws InterruptedException, LeaseLost {
        hands.shelf().remove(letter);
        free(seat.record());
    }

    private void free(RecordId record) throws InterruptedException, LeaseLost {
        if (!book.freed(record)) hands.scribe().mend(record);
    }

    private void give(Semaphore most, RecordId record, Undertaking errand, Crew.Work work) throws InterruptedException {
        most.acquire();
        errand.begun();
        hands.crew().workAside(record, () -> {
            try {
                work.run();
            } finally {
                errand.ended();
                most.release();
            }
        });
    }

    private Answer answer(Standing one, Answer.State state, Answer.Count count, String refusal) {
        return new Answer(
                one.action().id(),
                owner.partition(),
                desk.control().worker(),
                owner.epoch(),
                state,
                count,
                List.of(),
                List.of(),
                0,
                refusal);
    }
}
