package io.postmesh.delivery.owner;

import io.postmesh.contract.Action;
import io.postmesh.contract.Answer;
import io.postmesh.contract.Reason;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// One action being carried out on one partition: what it met, and what is still being written.
final class Undertaking {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LOOK_MS = 100;
    private static final int RATE = 500;

    private final Optional<Standing> asked;
    private final int partitions;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private int running; // guarded by this
    private Answer.Count met = Answer.Count.NOTHING; // its steward's thread only
    private long told = System.nanoTime();

    /// @param asked      empty: nobody in particular
    /// @param partitions that share a rate
    Undertaking(Optional<Standing> asked, int partitions) {
        this.asked = asked;
        this.partitions = partitions;
    }

    void inHand(Letter letter, boolean pastItsDot) {
        int recipients = letter.recipients().size();
        var accepted = Optional.of(letter.envelope().acceptedAt());
        met = met.plus(new Answer.Count(1, recipients, 0, pastItsDot ? 0 : 1, pastItsDot ? 1 : 0, accepted));
    }

    /// @param anothers another worker is past its dot with it
    void waits(Waiting state, boolean anothers) {
        int recipients = state.positions().size();
        var accepted = Optional.of(state.acceptedAt());
        met = met.plus(new Answer.Count(1, recipients, 0, 0, anothers ? 1 : 0, accepted));
    }

    void done() {
        done.incrementAndGet();
    }

    /// It stays where it is: done, for who wanted that; a flush has not moved what is suspended or held.
    void stays() {
        if (asked.filter(one -> wantsThemToStay(one.action().verb())).isPresent()) done();
    }

    private static boolean wantsThemToStay(Action.Verb verb) {
        return switch (verb) {
            case SUSPEND, HOLD -> true;
            case RESUME, RELEASE, FLUSH, BOUNCE, CANCEL, SUMMARY, LIST -> false;
        };
    }

    Answer.Count count() {
        return met.plus(new Answer.Count(0, 0, done.get(), 0, 0, Optional.empty()));
    }

    /// Whether somebody who is not suspended any more has yet to be told so. One that waited before it was suspended
    /// has no word of it in its state, only another time here, in memory.
    boolean resumes(Waiting state, Instant now) {
        boolean due = state.due().filter(at -> !at.isAfter(now)).isPresent();
        if (state.reason() == Reason.SUSPENDED) return !due || isResume();
        return due && isResume();
    }

    private boolean isResume() {
        return asked.filter(one -> one.action().verb() == Action.Verb.RESUME).isPresent();
    }

    /// The next one's time: not all of them at once.
    Instant next(Instant now, Optional<Standing> called) {
        int rate = asked.or(() -> called).map(one -> one.action().rate()).orElse(RATE);
        return now.plusMillis(calls.getAndIncrement() * 1_000 * partitions / rate);
    }

    synchronized void begun() {
        running++;
    }

    synchronized void ended() {
        if (--running == 0) notifyAll();
    }

    /// Waits until all that was begun is written; nobody who asks is left without a word for long.
    void awaitAll(Runnable progress) throws InterruptedException {
        while (isRunning()) everySecond(progress);
    }

    private synchronized boolean isRunning() throws InterruptedException {
        if (running > 0) wait(LOOK_MS);
        return running > 0;
    }

    void everySecond(Runnable progress) {
        if (System.nanoTime() - told < SECOND) return;
        told = System.nanoTime();
        progress.run();
    }
}
