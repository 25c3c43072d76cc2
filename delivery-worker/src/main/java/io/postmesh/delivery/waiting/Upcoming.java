package io.postmesh.delivery.waiting;

import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The next turns of an index, some thousands of them, in memory: a range read for the next ones whenever they are used
/// up. However many are due at once, no more are held.
final class Upcoming {
    private static final int STRETCH = 2_000;

    private final TreeSet<Turn> next = new TreeSet<>();
    private @Nullable Turn horizon; // turns of the index up to here are in `next`, or were called

    void add(Turn turn) {
        if (horizon == null || turn.compareTo(horizon) > 0) return; // it will be read
        next.add(turn);
        if (next.size() > 2 * STRETCH) {
            while (next.size() > STRETCH) next.removeLast();
            horizon = next.last();
        }
    }

    void remove(Turn turn) {
        next.remove(turn);
    }

    /// @param until in milliseconds
    Optional<Turn> next(long until, Index index) {
        if (next.isEmpty()) {
            next.addAll(index.turns(Optional.ofNullable(horizon), STRETCH));
            if (!next.isEmpty()) horizon = next.last();
        }
        if (next.isEmpty() || next.first().due() > until) return Optional.empty();
        return Optional.of(next.removeFirst());
    }

    void clear() {
        next.clear();
        horizon = null;
    }
}
