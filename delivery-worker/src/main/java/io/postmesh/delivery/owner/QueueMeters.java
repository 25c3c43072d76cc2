package io.postmesh.delivery.owner;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.Answer;
import io.postmesh.delivery.lane.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Who waits at this worker, for what, and since when. As of the last look: seconds ago, longer when very many wait.
final class QueueMeters {
    private static final Map<Answer.Place, String> STATES = Map.of(
            Answer.Place.DUE, "ready",
            Answer.Place.WAITING, "waiting",
            Answer.Place.HELD, "held",
            Answer.Place.SUSPENDED, "suspended");

    /// Where it looks.
    record Sight(
            Function<Answer.Place, Roll.Group> queued,
            Supplier<Number> runnable,
            Supplier<Traffic> traffic,
            Supplier<Number> actions,
            Clock clock) {
        private double age(Answer.Place place) {
            var group = queued.apply(place);
            return group.mails() == 0
                    ? 0
                    : Math.max(
                            0, Duration.between(group.oldest(), clock.instant()).toMillis() / 1_000.0);
        }
    }

    private QueueMeters() {}

    /// @param providers all there can be
    static void watch(MeterRegistry meters, List<String> providers, Sight sight) {
        STATES.forEach((place, state) -> {
            Gauge.builder(
                            "postmesh_queue_messages",
                            () -> sight.queued().apply(place).mails())
                    .description(
                            "Records in this worker's partitions. Growing ready: delivery is slow; held: release them.")
                    .tag("state", state)
                    .register(meters);
            Gauge.builder("postmesh_queue_oldest_age_seconds", () -> sight.age(place))
                    .description(
                            "How long ago the first of them was accepted, of ready: fell due. Days of waiting are retries;"
                                    + " minutes of ready are ours to fix.")
                    .tag("state", state)
                    .register(meters);
        });
        Gauge.builder("postmesh_queue_runnable_messages", sight.runnable())
                .description(
                        "Ready, and kept waiting by nothing but our own work: no limit or rest of a destination. What"
                                + " more workers would help.")
                .register(meters);
        Gauge.builder(
                        "postmesh_delivery_unanswered_dots",
                        () -> sight.traffic().get().hanging())
                .description(
                        "Conversations that have waited for the answer to their dot for more than a minute. Many: a"
                                + " destination takes mail and does not say so.")
                .register(meters);
        for (var provider : providers)
            for (var state : Traffic.State.values()) destinations(meters, new Traffic.Kind(provider, state), sight);
        Gauge.builder("postmesh_delivery_actions", sight.actions())
                .description("Operators' actions in force. More than a handful for long: somebody has forgotten one.")
                .register(meters);
    }

    private static void destinations(MeterRegistry meters, Traffic.Kind kind, Sight sight) {
        Gauge.builder(
                        "postmesh_destination_state",
                        () -> sight.traffic().get().destinations().getOrDefault(kind, 0))
                .description("Destinations this worker knows. Many resting: they fail, or our way out does.")
                .tag("provider", kind.provider())
                .tag("state", kind.state().name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
