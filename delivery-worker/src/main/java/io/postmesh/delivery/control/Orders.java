package io.postmesh.delivery.control;

import io.postmesh.contract.Action;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Traits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The actions in force, in the order of `mesh.control`.
///
/// An action applies once to each mail (a state knows which it has heeded), except a suspension: that is not something
/// done to a mail but a condition, and holds as long as it is valid and not resumed.
public final class Orders {
    /// Each mail is held against every one of them, so they are few. Who wants more says it in fewer words.
    public static final int MOST = 1_000;

    public static final int MOST_NAMED = 30;

    private volatile List<Standing> standing = List.of();

    /// From now on it is in force.
    ///
    /// @return as it stands, or empty when too many do
    public synchronized Optional<Standing> take(long offset, Instant since, Action action) {
        var one = new Standing(offset, until(since, action), action);
        var all = new ArrayList<>(standing);
        all.removeIf(other -> other.offset() == offset);
        if (all.size() >= MOST) return Optional.empty();
        all.add(one);
        all.sort(Comparator.comparingLong(Standing::offset));
        standing = List.copyOf(all);
        return Optional.of(one);
    }

    // What ends another action is remembered as long as that one is: else it would begin again when its end ends.
    private Instant until(Instant since, Action action) {
        var until = since.plus(action.lasts());
        var ended = action.verb().ends();
        for (var other : standing) {
            if (ended.filter(verb -> verb == other.action().verb()).isPresent()
                    && other.until().isAfter(until)) until = other.until();
        }
        return until;
    }

    /// It was taken back.
    public synchronized void end(ActionId id) {
        standing =
                standing.stream().filter(one -> !one.action().id().equals(id)).toList();
    }

    /// Forgets those whose time is over.
    ///
    /// @return these
    public synchronized List<Standing> expire(Instant now) {
        var over = standing.stream().filter(one -> !one.isValid(now)).toList();
        if (!over.isEmpty())
            standing = standing.stream().filter(one -> one.isValid(now)).toList();
        return over;
    }

    public List<Standing> standing() {
        return standing;
    }

    /// What they say of a mail.
    ///
    /// @param heeded by this mail: actions below this offset of `mesh.control`
    public Order on(Traits mail, long heeded, Instant now) {
        var all = standing;
        if (all.isEmpty()) return new Order.Go(heeded, Optional.empty());
        var fold = new Fold(heeded);
        for (var one : all) {
            if (!one.isValid(now) || !one.action().matches(mail)) continue;
            fold.take(one);
            if (fold.end != null) return new Order.End(fold.end);
        }
        return fold.order();
    }

    /// Actions in force that select this mail, whether it has heeded them or not: the last ones, and
    /// [#MOST_NAMED] at most, so that an answer that lists many mails still is one record.
    public List<ActionId> matching(Traits mail, Instant now) {
        var all = standing.stream()
                .filter(one -> one.isValid(now) && one.action().matches(mail))
                .map(one -> one.action().id())
                .toList();
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST_NAMED), all.size()));
    }

    /// One action after the other, the later word wins.
    private static final class Fold {
        private final long before;
        private long heeded;
        private @Nullable Standing suspended;
        private @Nullable Standing held;
        private @Nullable Standing called;
        private @Nullable Standing end;

        private Fold(long heeded) {
            this.before = heeded;
            this.heeded = heeded;
        }

        private void take(Standing one) {
            boolean isNew = one.offset() >= before;
            switch (one.action().verb()) {
                case SUSPEND -> suspended = later(suspended, one);
                case RESUME -> suspended = null;
                case HOLD -> {
                    if (isNew) hold(one);
                }
                case RELEASE, FLUSH -> {
                    if (isNew) call(one);
                }
                case BOUNCE, CANCEL -> {
                    if (isNew) end = one;
                }
                case SUMMARY, LIST -> {}
            }
        }

        private void hold(Standing one) {
            held = one;
            called = null;
            heeded = one.heeded();
        }

        // A flush is for those whose time has not come; who is held has none.
        private void call(Standing one) {
            if (one.action().verb() == Action.Verb.RELEASE) held = null;
            if (called == null || called.action().verb() != Action.Verb.RELEASE) called = one;
            heeded = one.heeded();
        }

        private static Standing later(@Nullable Standing a, Standing b) {
            return a != null && a.until().isAfter(b.until()) ? a : b;
        }

        private Order order() {
            var holding = held;
            if (holding != null) return new Order.Hold(holding, heeded);
            var waiting = suspended;
            if (waiting != null) return new Order.Wait(waiting.until(), heeded);
            return new Order.Go(heeded, Optional.ofNullable(called));
        }
    }
}
