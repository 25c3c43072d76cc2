package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// How far behind a reader is, in records and in time. Time is what an alert is for: a thousand records are nothing
/// at noon and an outage at night. It is that of the partition that is furthest behind: the others hide nothing.
///
/// A reader that hangs does not look any more; its time goes on all the same, counted from when it last was at the end.
public final class ReaderLag {
    /// Up to when a partition is read.
    ///
    /// @param at    epoch millis: when its newest read record was appended, or when its end was last seen
    /// @param isNew nothing of it was read and its end was not seen yet; `at` is when it was assigned
    private record Reach(long at, boolean isNew) {
        Reach upTo(long later) {
            return isNew || later > at ? new Reach(later, false) : this;
        }
    }

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Clock clock;
    private final AtomicLong records = new AtomicLong();
    private final Map<Integer, Reach> reached = new ConcurrentHashMap<>(); // of each assigned partition
    private long lookedAt = System.nanoTime();
    private boolean isKnown;

    public ReaderLag(MeterRegistry meters, String topic, String group) {
        this(meters, topic, group, Clock.systemUTC());
    }

    ReaderLag(MeterRegistry meters, String topic, String group, Clock clock) {
        this.clock = clock;
        var tags = Tags.of("topic", topic, "group", group);
        Gauge.builder("postmesh_kafka_consumer_lag_records", records, AtomicLong::doubleValue)
                .description("Records not yet read. Growing: add a worker, or see what holds the reader.")
                .tags(tags)
                .register(meters);
        Gauge.builder("postmesh_kafka_consumer_lag_seconds", this, ReaderLag::seconds)
                .description("How old the newest read record is, while there are newer ones, in the partition that is"
                        + " furthest behind. Minutes: add a worker, or see what holds the reader.")
                .tags(tags)
                .strongReference(true)
                .register(meters);
    }

    /// Called by the reader's thread.
    public void read(ConsumerRecord<?, ?> record) {
        read(record.partition(), record.timestamp());
    }

    void read(int partition, long appended) {
        reached.merge(partition, new Reach(appended, false), (before, _) -> before.upTo(appended));
    }

    /// Called by the reader's thread, as often as it likes: for each partition Kafka's client asks its network thread
    /// and
    /// waits for it, so it is looked once a second.
    ///
    /// @return false while Kafka has not told all there is to know
    public boolean look(Consumer<?, ?> consumer) {
        long now = System.nanoTime();
        if (now - lookedAt < EVERY.toNanos()) return isKnown;
        lookedAt = now;
        var behind = new HashMap<Integer, OptionalLong>();
        for (var partition : consumer.assignment()) behind.put(partition.partition(), consumer.currentLag(partition));
        isKnown = look(behind);
        return isKnown;
    }

    /// @param behind the assigned partitions, and how many records of each are not yet read; empty: not known yet
    boolean look(Map<Integer, OptionalLong> behind) {
        long now = clock.millis();
        reached.keySet().retainAll(behind.keySet());
        behind.forEach((partition, lag) -> {
            var reach = reached.computeIfAbsent(partition, _ -> new Reach(now, true));
            if (lag.isPresent() && lag.getAsLong() == 0) reached.put(partition, reach.upTo(now));
        });
        records.set(behind.values().stream().mapToLong(lag -> lag.orElse(0)).sum());
        return behind.values().stream().allMatch(OptionalLong::isPresent);
    }

    private double seconds() {
        var worst = reached.values().stream().mapToLong(Reach::at).min();
        return worst.isEmpty() ? Double.NaN : Math.max(0, clock.millis() - worst.getAsLong()) / 1_000.0;
    }
}
