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
    /// @param epoch   of the owner who wrote it: no deferral by an earlier one is its result
    record Doubt(int attempt, int crashes, Optional<Instant> until, long offset, int epoch) {
        Doubt overdue() {
            return awaiting(Optional.empty());
        }

        private Doubt awaiting(Optional<Instant> result) {
            return new Doubt(attempt, crashes, result, offset, epoch);
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
                    if (!late) open.put(who, attempted(line, epoch, offset));
                }
                case HANDED_OVER -> handedOver(who, line, epoch, offset);
                // A zombie's word on its own attempt says nothing of the one that came after it.
                case DEFERRED -> open.computeIfPresent(who, (_, doubt) -> doubt.epoch() > epoch ? doubt : null);
                case DELIVERED, FAILED, CANCELLED -> open.remove(who);
                case DROPPED_DUPLICATE -> {}
            }
        }
    }

    private static Doubt attempted(Outcome line, int epoch, long offset) {
        return new Doubt(line.by().attempt(), line.by().crashes() + 1, Optional.empty(), offset, epoch);
    }

    // Nobody died. Who took over meanwhile, and died, is in doubt all the same, once the result is overdue.
    private void handedOver(Identity who, Outcome line, int epoch, long offset) {
        var note = open.get(who);
        var until = line.what().deadline();
        if (note != null && note.epoch() > epoch) {
            open.put(who, note.awaiting(until));
            return;
        }
        long from = note == null ? offset : note.offset();
        open.put(who, new Doubt(line.by().attempt(), line.by().crashes(), until, from, epoch));
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
