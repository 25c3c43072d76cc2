package io.postmesh.delivery.forget;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.Topics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// What is forgotten, and what is not although its time has come.
final class TrimMeters {
    private final Map<Topics, Counter> removed = new EnumMap<>(Topics.class);
    private final Map<Topics, AtomicLong> held = new EnumMap<>(Topics.class);
    private final Counter failures;

    TrimMeters(MeterRegistry meters, Set<Topics> topics) {
        failures = Counter.builder("postmesh_trim_failures_total")
                .description("Times nothing could be trimmed. Rising: disks fill; the log says why.")
                .register(meters);
        for (var topic : topics) {
            removed.put(
                    topic,
                    Counter.builder("postmesh_trim_removed_records_total")
                            .description("Offsets removed: older than the replay window and committed by every reader.")
                            .tag("topic", topic.topic())
                            .register(meters));
            var count = new AtomicLong();
            held.put(topic, count);
            Gauge.builder("postmesh_trim_held_records", count, AtomicLong::get)
                    .description("Older than the replay window, but a reader needs them still. Growing: it stands.")
                    .tag("topic", topic.topic())
                    .strongReference(true)
                    .register(meters);
        }
    }

    void trimmed(Topics topic, long count) {
        var counter = removed.get(topic);
        if (counter != null) counter.increment(count);
    }

    void held(Topics topic, long count) {
        var gauge = held.get(topic);
        if (gauge != null) gauge.set(count);
    }

    void failed() {
        failures.increment();
    }
}
