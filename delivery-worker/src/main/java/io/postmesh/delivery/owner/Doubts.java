package io.postmesh.delivery.owner;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.waiting.Identity;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Who was being attempted when a former owner ended, as its ledger is read line by line (LEDGER L14, L19).
final class Doubts {
    /// A recipient whose last note has no result.
    ///
    /// @param attempt of the note
    /// @param crashes workers that have died over it by now
    /// @param until   present: handed over, and until then its worker may write the result
    /// @param offset  of the note: the next owner must be able to read it, too
    record Doubt(int attempt, int crashes, Optional<Instant> until, long offset) {
        Doubt overdue() {
            return new Doubt(attempt, crashes, Optional.empty(), offset);
        }
    }

    private final Map<Identity, Doubt> open = new HashMap<>();
    private int newest;

    /// @param epoch of the owner who wrote it
    void read(Outcome line, int epoch, long offset) {
        boolean late = epoch < newest;
        newest = Math.max(newest, epoch);
        for (int position : line.positions()) {
            var who = Identity.of(line.id(), position);
            switch (line.kind()) {
                case ATTEMPTED -> {
                    // A later owner has written already: this one's lease was over, so no dot followed (L13).
                    if (!late)
                        open.put(
                                who, new Doubt(line.by().attempt(), line.by().crashes() + 1, Optional.empty(), offset));
                }
                case HANDED_OVER -> handedOver(who, line, offset);
                case DELIVERED, FAILED, CANCELLED, DEFERRED -> open.remove(who);
                case DROPPED_DUPLICATE -> {}
            }
        }
    }

    // Nobody died.
    private void handedOver(Identity who, Outcome line, long offset) {
        var note = open.get(who);
        long from = note == null ? offset : note.offset();
        open.put(
                who,
                new Doubt(line.by().attempt(), line.by().crashes(), line.what().deadline(), from));
    }

    /// The state tells of this attempt; only its deferral was not written any more.
    ///
    /// @param state of whoever waits
    void without(Function<Identity, Optional<Waiting>> state) {
        open.entrySet()
                .removeIf(doubt -> state.apply(doubt.getKey())
                        .filter(waiting ->
                                waiting.attempts() >= doubt.getValue().attempt())
                        .isPresent());
    }

    /// Whoever is final is beyond doubt, however late somebody's note came.
    Map<Identity, Doubt> besides(FinishedMemory finished) {
        open.keySet().removeIf(finished::contains);
        return Map.copyOf(open);
    }
}
