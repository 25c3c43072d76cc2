package io.postmesh.delivery.owner;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.control.Standing;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a letter whose turn has come: it is attempted, or waits on, or ends as an operator wants it.
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final String GUILTY =
            "its worker died over it three times, and then while no other suspect was on its way";

    private final Station at;
    private final Desk desk;
    private final Crew crew;
    private final Heed heed;

    Turns(Station at) {
        this.at = at;
        this.desk = at.desk();
        this.crew = at.crew();
        this.heed = new Heed(desk.orders(), desk.clock());
    }

    /// Its time has come, or an operator means it: what is to become of it now.
    void dispatch(Letter letter) {
        if (letter.isGuilty()) {
            log.error(
                    "{} is quarantined: its worker died over it {} times",
                    letter.envelope().id(),
                    letter.crashes());
            crew.workAside(letter.envelope().id(), () -> at.scribe().quarantine(letter, GUILTY));
            return;
        }
        switch (heed.on(letter)) {
            case Order.Go go -> go(letter.heeding(go.heeded()), go.isReleased());
            case Order.Wait(var until, var heeded) -> waitOn(letter.heeding(heeded), Reason.SUSPENDED, until);
            case Order.Hold(var by, var _) -> crew.workAside(letter.envelope().id(), () -> hold(letter, by));
            case Order.End(var by) -> crew.workAside(letter.envelope().id(), () -> end(letter, by));
        }
    }

    private void go(Letter letter, boolean released) {
        var clearance = letter.envelope().clearance().orElseThrow();
        if (!released && !letter.waited() && isHeld(clearance, desk.clock().instant())) {
            var reason = clearance.notBefore().isPresent() ? Reason.LIMIT : Reason.HELD;
            settle(letter, Settlement.parked(letter, reason, clearance.notBefore()));
        } else {
            enqueue(letter);
        }
    }

    private static boolean isHeld(Clearance clearance, Instant now) {
        if (clearance.notBefore().isPresent())
            return clearance.notBefore().get().isAfter(now);
        return clearance.holdReason().isPresent();
    }

    private void enqueue(Letter letter) {
        desk.lanes().enqueue(new Trip(this, letter));
    }

    /// Its lane has no place for it (LEDGER L12).
    void turnedAway(Letter letter, Reason reason, Instant notBefore) {
        if (mayGo(letter)) waitOn(letter, reason, notBefore);
        else dispatch(letter);
    }

    private void waitOn(Letter letter, Reason reason, Instant until) {
        if (desk.schedule().isOver(letter.envelope().acceptedAt(), desk.clock().instant())) {
            settle(letter, Settlement.expired(letter));
            return;
        }
        switch (letter.source()) {
            // What waited before only waits on: there is nothing new to write.
            case Letter.Source.Waited(var state, var _)
            when letter.isWholeOf(state) -> backToItsSeat(letter, state, until);
            // Some were settled since: no state may name them any more (L7).
            case Letter.Source.Waited _, Letter.Source.Arrived _ ->
                settle(letter, Settlement.parked(letter, reason, Optional.of(until)));
        }
    }

    private void backToItsSeat(Letter letter, Waiting state, Instant due) {
        at.shelf().remove(letter);
        if (at.book().recalled(letter, state.record(), due)) return;
        crew.workAside(state.record(), () -> at.scribe().mend(state.record()));
    }

    private void settle(Letter letter, Settlement settlement) {
        crew.workAside(letter.envelope().id(), () -> at.scribe().write(letter, settlement));
    }

    /// An operator has it wait, until it is written down.
    void hold(Letter letter, Standing by) throws InterruptedException, LeaseLost {
        at.scribe().write(letter, Settlement.held(letter, by));
    }

    /// An operator ends it, for those who are meant, until that is written down. Only while the partition is surely
    /// ours: somebody else may be talking to the remote by now.
    void end(Letter letter, Standing by) throws InterruptedException, LeaseLost {
        if (!crew.keepsState()) throw new LeaseLost();
        var still = stillOpen(letter);
        if (still.isEmpty()) return;
        var open = still.get();
        var picked = heed.picked(by, open.envelope(), open.recipients());
        var rest = open.recipients().stream().filter(to -> !picked.contains(to)).toList();
        if (picked.isEmpty()) {
            dispatch(open);
            return;
        }
        var settlement = Settlement.ended(open, picked, by);
        if (rest.isEmpty()) {
            at.scribe().write(open, settlement);
        } else {
            at.scribe().endSome(open, settlement);
            goOn(open.with(rest));
        }
    }

    // The others are in no other case than before: who waited waits on, unless somebody called.
    private void goOn(Letter rest) throws InterruptedException, LeaseLost {
        if (rest.source() instanceof Letter.Source.Waited(var state, var _)
                && heed.on(rest) instanceof Order.Go go
                && waitsOn(state, go)) {
            at.scribe().write(rest, Settlement.parked(rest.heeding(go.heeded()), state.reason(), state.due()));
        } else {
            dispatch(rest);
        }
    }

    private boolean waitsOn(Waiting state, Order.Go go) {
        if (state.isHeld()) return !go.isReleased();
        return go.called().isEmpty()
                && state.due().filter(desk.clock().instant()::isBefore).isPresent();
    }

    /// What is left of a letter whose turn has come (L16).
    Optional<Letter> stillOpen(Letter letter) throws InterruptedException, LeaseLost {
        var open = at.book().stillOpen(letter);
        if (open.size() == letter.recipients().size()) return Optional.of(letter);
        if (!open.isEmpty()) return Optional.of(letter.with(open));
        at.scribe().finish(letter);
        return Optional.empty();
    }

    Order on(Letter letter) {
        return heed.on(letter);
    }

    /// What an attempt asks on its way.
    boolean mayGo(Letter letter) {
        return heed.mayGo(letter);
    }

    AttemptSpan span(Letter letter) {
        return AttemptSpan.begin(desk.trace(), letter);
    }

    Report carry(Letter letter, Checkpoints checkpoints) {
        return desk.courier().carry(letter.job(), checkpoints);
    }

    /// It is known whose hosts are tried.
    void bound(Letter letter, String provider) {
        if (letter.attempts() > 0 || letter.waited()) return;
        var sinceAccepted =
                Duration.between(letter.envelope().acceptedAt(), desk.clock().instant());
        desk.meters().firstTried(provider, sinceAccepted, letter.trace());
    }

    Crew crew() {
        return crew;
    }

    Scribe scribe() {
        return at.scribe();
    }

    /// An attempt is over.
    void conclude(Letter letter, Attempt attempt, Report report) throws InterruptedException, LeaseLost {
        if (Settlement.isVoid(report)) {
            if (attempt.isNoted()) at.scribe().notSent(letter);
            if (crew.owns() && !mayGo(letter)) dispatch(letter);
            else again(letter);
        } else if (attempt.isHandedOver()) {
            at.scribe().writeResults(letter, after(report, letter)); // L15
        } else {
            at.scribe().write(letter, after(report, letter));
        }
    }

    Settlement after(Report report, Letter letter) {
        var now = desk.clock().instant();
        return heed.amend(Settlement.after(report, letter, desk.schedule(), now, ThreadLocalRandom.current()), letter);
    }

    private void again(Letter letter) {
        if (!crew.owns()) return;
        CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> enqueue(letter));
    }

    /// Who waits for a turn need not wait for it to learn that there is none.
    void recall(Predicate<Letter> meant) {
        var taken = desk.lanes().recall(this, errand -> errand instanceof Trip trip && meant.test(trip.letter()));
        for (var errand : taken) if (errand instanceof Trip trip) dispatch(trip.letter());
    }

    /// Whoever has not started waits elsewhere (L12).
    void turnAway() {
        desk.lanes().turnAway(this);
    }

    /// There are no more turns here.
    void withdraw() {
        desk.lanes().withdraw(this);
    }
}
