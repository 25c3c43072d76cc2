package io.postmesh.delivery.owner;

import io.postmesh.contract.Reason;
import io.postmesh.contract.Route;
import io.postmesh.delivery.lane.Errand;
import io.postmesh.delivery.lane.Sign;
import io.postmesh.delivery.lane.Turn;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt for one letter: it waits in a lane, has its conversation, and its result is written down.
final class Trip implements Errand {
    private static final Logger log = LoggerFactory.getLogger(Trip.class);

    private final PartitionOwner owner;
    private final Letter letter;

    Trip(PartitionOwner owner, Letter letter) {
        this.owner = owner;
        this.letter = letter;
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
    public int octets() {
        return letter.value().length;
    }

    @Override
    public Object client() {
        return owner;
    }

    @Override
    public void turnedAway(Reason reason, Instant notBefore) {
        owner.turnedAway(letter, reason, notBefore);
    }

    @Override
    public void run(Turn turn) {
        owner.crew().work(letter.envelope().id(), () -> {
            var report = carry();
            turn.over(sign(report)); // the place is free while the result is being written
            owner.conclude(letter, report);
        });
    }

    // What a bug in the courier leaves behind is unknown, so it is tried again like a lost connection.
    private Report carry() {
        try {
            return owner.carry(letter, new Noted());
        } catch (RuntimeException | Error bug) {
            log.error("{} attempt broke: {}", letter.envelope().id(), bug.toString(), bug);
            var verdict = new Verdict.Deferred(Reason.INTERNAL, Optional.empty(), Scope.MESSAGE);
            var results = letter.recipients().stream()
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

    /// The note of this attempt, and what depends on it (LEDGER L6).
    private final class Noted implements Checkpoints {
        private Ledger.@Nullable Pending note;

        // Later attempts wait here: a crash loop must not be able to hammer a receiver unseen.
        @Override
        public boolean mayStart() {
            if (!owner.crew().owns() || owner.scribe().isBehind()) return false;
            var pending = begin();
            return letter.attempts() == 0 || owner.scribe().isWritten(pending);
        }

        // The first attempt's note had the whole dialogue for its way to the disk.
        @Override
        public boolean mayFinish() {
            return owner.scribe().isWritten(begin()) && owner.crew().owns();
        }

        private Ledger.Pending begin() {
            var begun = note;
            if (begun == null) note = begun = owner.scribe().note(letter);
            return begun;
        }
    }
}
