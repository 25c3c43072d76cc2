package io.postmesh.delivery.owner;

import io.postmesh.contract.Reason;
import io.postmesh.contract.RecordId;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.outcome.Witness;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One attempt on its way: its note (LEDGER L6), its lease (L13), and how far it came when the partition changes hands
/// (L14).
final class Attempt implements Checkpoints {
    private enum Phase {
        TALKING, // no dot was sent, so it can be ended
        DOTTED, // the remote may have the mail, so it must be heard out
        CONCLUDING
    }

    private final Crew crew;
    private final Scribe scribe;
    private final Letter letter;
    private final BooleanSupplier wanted;
    private final AttemptSpan span;
    private final Witness lane;
    private final Thread thread = Thread.currentThread();
    private boolean isBound; // only its own thread looks
    private Phase phase = Phase.TALKING;
    private boolean cut;
    private boolean handedOver;
    private boolean acquitted;
    private Ledger.@Nullable Pending note;

    /// Made on the thread that carries it.
    ///
    /// @param wanted false when an operator has it wait, or has ended it
    /// @param span   is told how it goes
    /// @param lane   is told once to which provider it goes, and of the dot and its answer
    Attempt(Crew crew, Scribe scribe, Letter letter, BooleanSupplier wanted, AttemptSpan span, Witness lane) {
        this.crew = crew;
        this.scribe = scribe;
        this.letter = letter;
        this.wanted = wanted;
        this.span = span;
        this.lane = lane;
    }

    // Whatever may have killed a worker before waits for its note here, and nothing of its content was touched yet: a
    // crash loop must neither go unseen nor hammer a receiver. The lease is looked at last, because the note may have
    // taken its time.
    @Override
    public boolean mayStart() {
        if (!crew.mayTalk() || scribe.isBehind() || !wanted.getAsBoolean()) return false;
        var pending = begin();
        return (letter.isFresh() || scribe.isWritten(pending)) && crew.mayTalk() && wanted.getAsBoolean();
    }

    // The first attempt's note had the whole dialogue for its way to the disk.
    @Override
    public boolean mayFinish() {
        if (!scribe.isWritten(begin()) || !goesPastItsDot()) return false;
        dotted();
        return true;
    }

    // Mail for a relay that is gone can go to several; it begins with the first.
    @Override
    public void bound(String provider) {
        if (isBound) return;
        isBound = true;
        lane.bound(provider);
    }

    @Override
    public void connected(String host, int port, boolean reused) {
        span.connected(host, port, reused);
    }

    @Override
    public void heard(Step step, int code) {
        span.heard(step, code);
        lane.heard(step, code);
    }

    @Override
    public void dotted() {
        span.dotted();
        lane.dotted();
    }

    @Override
    public void encrypted(String tls) {
        span.encrypted(tls);
    }

    @Override
    public void brokeOff(Step step, Reason reason) {
        span.brokeOff(step, reason);
    }

    // Decided together with whoever ends attempts: either it is ended, or it is known to be past its dot.
    private synchronized boolean goesPastItsDot() {
        if (cut || !crew.mayTalk() || !wanted.getAsBoolean()) return false;
        phase = Phase.DOTTED;
        return true;
    }

    private synchronized Ledger.Pending begin() {
        var begun = note;
        if (begun == null) note = begun = scribe.note(acquitted ? letter.acquitted() : letter);
        return begun;
    }

    synchronized boolean isNoted() {
        return note != null;
    }

    /// It is a suspect, was on its way for long, and nothing happened: what happens from now on may be anybody's fault
    /// (L19). Should the worker die, it is as suspect as it was. A note still to come says so itself; one behind a
    /// hand-over would end what the next owner waits for.
    synchronized void acquit() {
        acquitted = true;
        if (note == null || handedOver || phase == Phase.CONCLUDING || !crew.owns()) return;
        scribe.acquit(letter);
    }

    /// Ends it, if it is before its dot (L14).
    synchronized void cut() {
        if (phase != Phase.TALKING || cut) return;
        cut = true;
        thread.interrupt();
    }

    RecordId record() {
        return letter.key();
    }

    synchronized boolean isPastItsDot() {
        return phase == Phase.DOTTED;
    }

    /// The note that others wait for its result, on its way; empty when there is nothing to wait for. Nothing of the
    /// result is sent before it.
    synchronized Optional<Ledger.Pending> handOver(Instant deadline) {
        if (phase != Phase.DOTTED) return Optional.empty();
        handedOver = true;
        return Optional.of(scribe.handOver(letter, deadline));
    }

    /// The conversation is over.
    ///
    /// @return what came of it; who was put off because we ended it was not put off by anybody
    synchronized Report conclude(Report report) {
        phase = Phase.CONCLUDING;
        if (!cut) return report;
        Thread.interrupted(); // it has served its purpose: what comes now is written down
        var results = report.results().stream()
                .map(result -> result.verdict() instanceof Verdict.Deferred
                        ? new Result(result.recipient(), new Verdict.NotSent(Reason.SHUTDOWN))
                        : result)
                .toList();
        return new Report(results, report.remote(), report.tls());
    }

    synchronized boolean isHandedOver() {
        return handedOver;
    }
}
