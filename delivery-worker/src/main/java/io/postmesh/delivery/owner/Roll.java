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

/// How many wait in which place, counted now and then: seldom enough to cost a twentieth of a core at most, however
/// many they are.
final class Roll {
    private static final Duration OFTEN = Duration.ofSeconds(15);
    private static final int REST = 20;

    private final Orders orders;
    private Map<Answer.Place, Long> counting = new EnumMap<>(Answer.Place.class);
    private Instant begun = Instant.MIN;
    private volatile Map<Answer.Place, Long> counted = Map.of();
    private volatile Instant next = Instant.MIN;

    Roll(Orders orders) {
        this.orders = orders;
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
        counting = new EnumMap<>(Answer.Place.class);
    }

    void count(Waiting state, Instant now) {
        counting.merge(place(state, orders, now), 1L, Long::sum);
    }

    void end(Instant now) {
        counted = Map.copyOf(counting);
        var rest = Duration.between(begun, now).multipliedBy(REST);
        next = now.plus(rest.compareTo(OFTEN) > 0 ? rest : OFTEN);
    }

    /// It is asked for already.
    void asked() {
        next = Instant.MAX;
    }

    long queued(Answer.Place place) {
        return counted.getOrDefault(place, 0L);
    }

    static Answer.Place place(Waiting state, Orders orders, Instant now) {
        if (state.isHeld()) return Answer.Place.HELD;
        if (orders.on(Traits.of(state), state.heeded(), now) instanceof Order.Wait) return Answer.Place.SUSPENDED;
        return state.due().filter(at -> !at.isAfter(now)).isPresent() ? Answer.Place.DUE : Answer.Place.WAITING;
    }
}
