package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Selector.Match;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Standing;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what operators want of one partition, one action after the other, and answers.
///
/// Mail in hand is not taken out of a conversation: it is looked at before MAIL FROM and before its dot, and once more
/// here when its letter is done with. Mail that waits is looked at in stretches, and each is the [Bailiff]'s.
final class Steward {
    private static final Logger log = LoggerFactory.getLogger(Steward.class);
    private static final int STRETCH = 500;
    private static final Consumer<String> NOBODY = _ -> {}; // asked for it

    /// @param failed told why a defect ended it
    private record Wish(Crew.Work what, Consumer<String> failed) {}

    private interface Look {
        void at(Waiting state) throws InterruptedException, LeaseLost;
    }

    private final Station at;
    private final Desk desk;
    private final Book book;
    private final Crew crew;
    private final Turns turns;
    private final Bailiff bailiff;
    private final Roll roll;
    private final ConcurrentLinkedQueue<Wish> wishes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean working = new AtomicBoolean();

    Steward(Station at, Turns turns, Returns returns) {
        this.at = at;
        this.desk = at.desk();
        this.book = at.book();
        this.crew = at.crew();
        this.turns = turns;
        this.bailiff = new Bailiff(at, turns, returns);
        this.roll = new Roll(desk.orders(), this::isFree);
    }

    /// The partition was taken over: a former owner may not have got through with what stands.
    void begin() {
        if (!desk.orders().standing().isEmpty()) wish(this::catchUp, this::refuseAll);
    }

    /// Called on the thread that hears; never waits.
    void told(Standing one) {
        wish(() -> answer(one), why -> refuse(one, why));
    }

    void refuse(Standing one, String why) {
        desk.control().answer(answer(one, Answer.State.REFUSED, Answer.Count.NOTHING, why));
    }

    private void refuseAll(String why) {
        for (var one : desk.orders().standing()) refuse(one, why);
    }

    private void wish(Crew.Work what, Consumer<String> failed) {
        wishes.add(new Wish(what, failed));
        work();
    }

    // Only when everybody who waits is known (L17): after a take-over that is soon.
    private void work() {
        if (wishes.isEmpty() || !book.isWhole() || !crew.owns()) return;
        if (!working.compareAndSet(false, true)) return;
        crew.workAside("control of partition " + at.partition(), () -> {
            try {
                while (book.isWhole() && crew.owns()) {
                    var next = wishes.poll();
                    if (next == null) break;
                    fulfil(next);
                    // Its index failed meanwhile (L20): whoever was not seen is seen the next time, once for each mail.
                    if (!book.isWhole()) wishes.add(next);
                }
            } finally {
                working.set(false);
            }
            work(); // a wish may have come after the last look, when somebody was at work still
        });
    }

    // Whoever asked must not believe it done, nor wait for ever. The crew tells and counts what went wrong.
    private static void fulfil(Wish one) throws InterruptedException, LeaseLost {
        try {
            one.what().run();
        } catch (RuntimeException bug) {
            one.failed().accept("it was begun and failed: " + bug);
            throw bug;
        }
    }

    /// Time has passed: those who had a letter on its way may be back, and the roll may be old.
    void tick() {
        if (bailiff.isAwaited() && wishes.isEmpty()) wish(bailiff::lookAgain, NOBODY);
        work();
        if (!roll.isOld(desk.clock().instant())) return;
        roll.asked();
        wish(() -> roll.call(each -> everybody(each::accept), desk.clock()), NOBODY);
    }

    Roll roll() {
        return roll;
    }

    private boolean isFree(Waiting state) {
        boolean inHand = at.shelf().letters().containsKey(state.record());
        var now = desk.clock().instant();
        return !inHand && !desk.lanes().restsUntil(state.destination()).isAfter(now);
    }

    private void catchUp() throws InterruptedException, LeaseLost {
        var all = new LinkedHashMap<Standing, Undertaking>();
        for (var one : desk.orders().standing()) {
            all.put(one, new Undertaking(Optional.of(one), desk.partitions().getAsInt()));
        }
        everybody(state -> {
            var meant = bailiff.spare();
            for (var one : all.entrySet()) {
                if (one.getKey().offset() < state.heeded() || !isMeant(one.getKey(), state)) continue;
                meant = one.getValue();
                meant.waits(state, bailiff.isAnothers(state));
            }
            bailiff.apply(state, meant);
        });
        for (var one : all.entrySet()) {
            one.getValue().awaitAll(() -> progress(one.getKey(), one.getValue()));
            desk.control()
                    .answer(answer(
                            one.getKey(), Answer.State.DONE, one.getValue().count(), ""));
        }
    }

    private static boolean isMeant(Standing one, Waiting state) {
        return one.action().match(Traits.of(state)) != Match.NO;
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
        var dotted = crew.dotted();
        for (var letter : inHand) inquiry.inHand(letter, isPastItsDot(letter, dotted));
        var taken = keys(inHand);
        everybody(state -> {
            if (!taken.contains(state.record())) inquiry.waits(state);
        });
        return inquiry.answer(at.partition(), desk.control().worker(), at.epoch());
    }

    private void carryOut(Standing one) throws InterruptedException, LeaseLost {
        var errand = new Undertaking(Optional.of(one), desk.partitions().getAsInt());
        boolean dry = one.action().dryRun();
        var inHand = lettersOf(one.action());
        var dotted = crew.dotted();
        for (var letter : inHand) errand.inHand(letter, isPastItsDot(letter, dotted));
        var taken = keys(inHand);
        if (!dry) {
            bailiff.await(taken);
            recall(one.action());
            progress(one, errand);
        }
        everybody(state -> {
            if (!isMeant(one, state) || taken.contains(state.record())) return;
            errand.waits(state, bailiff.isAnothers(state));
            if (!dry) bailiff.apply(state, errand);
            errand.everySecond(() -> progress(one, errand));
        });
        errand.awaitAll(() -> progress(one, errand));
        desk.control().answer(answer(one, Answer.State.DONE, errand.count(), ""));
        log.info("partition {}: {} {}", at.partition(), one.note(), errand.count());
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
        } while (stretch.size() == STRETCH && crew.owns());
    }

    private List<Letter> lettersOf(Action action) {
        return at.shelf().letters().values().stream()
                .filter(letter -> action.matches(letter.traits()))
                .toList();
    }

    private static Set<RecordId> keys(List<Letter> letters) {
        var keys = new HashSet<RecordId>();
        letters.forEach(letter -> keys.add(letter.key()));
        return keys;
    }

    private boolean isPastItsDot(Letter letter, Set<RecordId> dotted) {
        return dotted.contains(letter.key()) || at.custody().keeps(letter.key());
    }

    private void recall(Action action) {
        switch (action.verb()) {
            case SUSPEND, HOLD, BOUNCE, CANCEL -> turns.recall(letter -> action.matches(letter.traits()));
            case RESUME, RELEASE, FLUSH, SUMMARY, LIST -> {}
        }
    }

    private Answer answer(Standing one, Answer.State state, Answer.Count count, String refusal) {
        return new Answer(
                one.action().id(),
                at.partition(),
                desk.control().worker(),
                at.epoch(),
                state,
                count,
                List.of(),
                List.of(),
                0,
                refusal);
    }
}
