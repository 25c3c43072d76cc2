package io.postmesh.delivery.owner;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Route;
import io.postmesh.delivery.lane.Errand;
import io.postmesh.delivery.lane.Sign;
import io.postmesh.delivery.lane.Suspicion;
import io.postmesh.delivery.lane.Turn;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Step;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.outcome.Witness;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt for one letter: it waits in a lane, has its conversation, and its result is written down.
final class Trip implements Errand {
    private static final Logger log = LoggerFactory.getLogger(Trip.class);

    private final Turns turns;
    private final Letter letter;
    private volatile @Nullable Attempt running;

    Trip(Turns turns, Letter letter) {
        this.turns = turns;
        this.letter = letter;
    }

    Letter letter() {
        return letter;
    }

    @Override
    public String destination() {
        return letter.destination();
    }

    @Override
    public boolean isRelayed() {
        return letter.envelope().clearance().orElseThrow().route() instanceof Route.Relay;
    }

    @Override
    public boolean isSpread() {
        return isRelayed() || letter.envelope().placement().spreads(destination());
    }

    @Override
    public int octets() {
        return letter.value().length;
    }

    @Override
    public Object client() {
        return turns;
    }

    @Override
    public void turnedAway(Reason reason, Instant notBefore) {
        turns.turnedAway(letter, reason, notBefore);
    }

    @Override
    public Suspicion suspicion() {
        return letter.suspicion();
    }

    @Override
    public void acquitted() {
        var attempt = running;
        if (attempt != null) attempt.acquit();
    }

    @Override
    public void run(Turn turn) {
        turns.crew().work(letter.envelope().id(), () -> {
            var still = turns.stillOpen(letter);
            if (still.isEmpty()) return;
            try (var span = turns.span(still.get())) {
                attempt(still.get(), turn, span);
            }
        });
    }

    private void attempt(Letter open, Turn turn, AttemptSpan span) throws InterruptedException, LeaseLost {
        var attempt = new Attempt(
                turns.crew(), turns.scribe(), open, () -> turns.mayGo(open), span, new Progress(open, turn));
        if (!turns.crew().begins(attempt)) return;
        running = attempt;
        try {
            var report = attempt.conclude(carry(open, attempt));
            span.over(report);
            if (suspicion() == Suspicion.NONE)
                turn.over(sign(report)); // the place is free while the result is being written
            turns.conclude(open, attempt, report);
            turn.over(sign(report));
        } finally {
            turns.crew().ended(attempt);
        }
    }

    // What a bug in the courier leaves behind is unknown, so it is tried again like a lost connection.
    private Report carry(Letter open, Attempt attempt) {
        try {
            return turns.carry(open, attempt);
        } catch (RuntimeException | Error bug) {
            log.error("{} attempt broke: {}", open.envelope().id(), bug.toString(), bug);
            var verdict = new Verdict.Deferred(Reason.INTERNAL, Optional.empty(), Scope.MESSAGE);
            var results = open.recipients().stream()
                    .map(to -> new Result(to, verdict))
                    .toList();
            return new Report(results, "", "");
        }
    }

    static Sign sign(Report report) {
        boolean ill = false;
        for (var result : report.results()) {
            switch (result.verdict()) {
                case Verdict.Delivered _ -> {
                    return Sign.WELL;
                }
                case Verdict.Failed failed -> {
                    if (says(failed.scope())) return Sign.WELL;
                    ill = true;
                }
                case Verdict.Deferred deferred -> {
                    if (says(deferred.scope())) return Sign.WELL;
                    ill = true;
                }
                case Verdict.NotSent _ -> {}
            }
        }
        return ill ? Sign.ILL : Sign.NONE;
    }

    // A site that judges one message or one recipient is there and talks.
    private static boolean says(Scope scope) {
        return switch (scope) {
            case MESSAGE, RECIPIENT -> true;
            case SESSION, SITE -> false;
        };
    }

    /// What the lane is to know while it goes.
    private final class Progress implements Witness {
        private final Letter open;
        private final Turn turn;

        private Progress(Letter open, Turn turn) {
            this.open = open;
            this.turn = turn;
        }

        @Override
        public void bound(String provider) {
            turn.bound(provider);
            turns.bound(open, provider);
        }

        @Override
        public void dotted() {
            turn.dotted();
        }

        @Override
        public void heard(Step step, int code) {
            if (step == Step.CONTENT) turn.answered();
        }
    }
}
