package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;

/// How far behind a reader is, in records and in time. Time is what an alert is for: a thousand records are nothing
/// at noon and an outage at night.
///
/// A reader that hangs does not look any more; its time goes on all the same, counted from when it last was at the end.
public final class ReaderLag {
    private final AtomicLong records = new AtomicLong();
    private volatile long atEnd; // epoch millis; 0: never yet
    private volatile long newestRead; // when that record was appended

    public ReaderLag(MeterRegistry meters, String topic, String group) {
        var tags = Tags.of("topic", topic, "group", group);
        Gauge.builder("postmesh_kafka_consumer_lag_records", records, AtomicLong::doubleValue)
                .description("Records not yet read. Growing: add a worker, or see what holds the reader.")
                .tags(tags)
                .register(meters);
        Gauge.builder("postmesh_kafka_consumer_lag_seconds", this, ReaderLag::seconds)
                .description(
                        "How old the newest read record is, while there are newer ones. Minutes: add a worker, or see"
                                + " what holds the reader.")
                .tags(tags)
                .strongReference(true)
                .register(meters);
    }

    /// @param appended when, in epoch milliseconds
    public void read(long appended) {
        newestRead = Math.max(newestRead, appended);
    }

    /// Called by the reader's thread.
    ///
    /// @return false while Kafka has not told all there is to know
    public boolean look(Consumer<?, ?> consumer) {
        long behind = 0;
        boolean knowsAll = true;
        for (var partition : consumer.assignment()) {
            var known = consumer.currentLag(partition);
            knowsAll &= known.isPresent();
            behind += known.orElse(0);
        }
        records.set(behind);
        if (knowsAll && behind == 0) atEnd = System.currentTimeMillis();
        return knowsAll;
    }

    private double seconds() {
        long last = Math.max(atEnd, newestRead);
        return last == 0 ? Double.NaN : Math.max(0, System.currentTimeMillis() - last) / 1_000.0;
    }
}
