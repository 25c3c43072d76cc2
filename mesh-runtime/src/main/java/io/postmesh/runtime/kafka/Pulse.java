package io.postmesh.runtime.kafka;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/// Whether the group still hears from a consumer. A poll that brings nothing looks the same with and without brokers.
final class Pulse {
    /// The group's session time-out: then somebody else has our partitions.
    private static final double SILENCE_SECONDS = 9;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private @Nullable Metric heartbeat;
    private long lookedAt = System.nanoTime();
    private volatile double silent;

    Pulse(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /// On the consumer's own thread.
    void look() {
        long now = System.nanoTime();
        if (now - lookedAt < EVERY.toNanos()) return;
        lookedAt = now;
        if (heartbeat == null) heartbeat = find();
        if (heartbeat != null && heartbeat.metricValue() instanceof Double seconds) silent = seconds;
    }

    Optional<String> trouble() {
        return silent > SILENCE_SECONDS
                ? Optional.of("Kafka has not answered for " + Math.round(silent) + " s")
                : Optional.empty();
    }

    private @Nullable Metric find() {
        for (var metric : consumer.metrics().entrySet()) {
            if (metric.getKey().name().equals("last-heartbeat-seconds-ago")) return metric.getValue();
        }
        return null;
    }
}
