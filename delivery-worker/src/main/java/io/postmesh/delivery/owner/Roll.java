package io.postmesh.delivery.owner;

import io.postmesh.contract.Answer;
import io.postmesh.contract.Traits;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Order;
import io.postmesh.delivery.control.Orders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// How many wait in which place, counted now and then: seldom enough to cost a twentieth of a core at most, however
/// many they are.
final class Roll {
    private static final Duration OFTEN = Duration.ofSeconds(15);
    private static final int REST = 20;

    private final Orders orders;
    private final Predicate<Waiting> free;
    private Map<Answer.Place, Group> counting = new EnumMap<>(Answer.Place.class);
    private long counts; // of those that are due: who could be attempted
    private Instant begun = Instant.MIN;
    private volatile Map<Answer.Place, Group> counted = Map.of();
    private volatile long runnable;
    private volatile Instant next = Instant.MIN;

    /// Those in one place.
    ///
    /// @param oldest since when the first of them is in the queue: was accepted; of those that are due, fell due
    record Group(long mails, Instant oldest) {
        static final Group NOBODY = new Group(0, Instant.MAX);

        Group plus(Group other) {
            return new Group(mails + other.mails, oldest.isBefore(other.oldest) ? oldest : other.oldest);
        }
    }

    /// @param free whether a mail that is due is kept from its attempt by nothing but our own work
    Roll(Orders orders, Predicate<Waiting> free) {
        this.orders = orders;
        this.free = free;
    }

    /// Shows everybody who waits.
    interface Walk {
        void past(Consumer<Waiting> each) throws InterruptedException, LeaseLost;
    }

    /// Counts them. Whatever ends it early, what was counted before is told on, and it is called again.
    void call(Walk walk, Clock clock) throws InterruptedException, LeaseLost {
        begin(clock.instant());
        try {
            walk.past(state -> count(state, clock.instant()));
            end(clock.instant());
        } finally {
            if (next.equals(Instant.MAX)) next = begun.plus(OFTEN);
        }
    }

    boolean isOld(Instant now) {
        return !now.isBefore(next);
    }

    void begin(Instant now) {
        begun = now;
        counts = 0;
        counting = new EnumMap<>(Answer.Place.class);
    }

    void count(Waiting state, Instant now) {
        var place = place(state, orders, now);
        counting.merge(place, new Group(1, since(place, state)), Group::plus);
        if (place == Answer.Place.DUE && free.test(state)) counts++;
    }

    // A retry that fell due a second ago has not waited for us since yesterday.
    private static Instant since(Answer.Place place, Waiting state) {
        return place == Answer.Place.DUE ? state.due().orElse(state.acceptedAt()) : state.acceptedAt();
    }

    void end(Instant now) {
        counted = Map.copyOf(counting);
        runnable = counts;
        var rest = Duration.between(begun, now).multipliedBy(REST);
        next = now.plus(rest.compareTo(OFTEN) > 0 ? rest : OFTEN);
    }

    /// It is asked for already.
    void asked() {
        next = Instant.MAX;
    }

    Group queued(Answer.Place place) {
        return counted.getOrDefault(place, Group.NOBODY);
    }

    long runnable() {
        return runnable;
    }

    static Answer.Place place(Waiting state, Orders orders, Instant now) {
        if (state.isHeld()) return Answer.Place.HELD;
        if (orders.on(Traits.of(state), state.heeded(), now) instanceof Order.Wait) return Answer.Place.SUSPENDED;
        return state.due().filter(at -> !at.isAfter(now)).isPresent() ? Answer.Place.DUE : Answer.Place.WAITING;
    }
}
