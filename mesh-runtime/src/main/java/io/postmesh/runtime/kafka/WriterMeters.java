package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What a writer tells.
final class WriterMeters {
    private final Timer acknowledged;
    private final Map<NotWritten.Why, Counter> failed = new EnumMap<>(NotWritten.Why.class);

    WriterMeters(MeterRegistry meters, String writer, AtomicLong bytesInFlight) {
        acknowledged = Timer.builder("postmesh_writer_acknowledged")
                .description("Hand-over to Kafka's acknowledgement. Rising: slow disks or brokers")
                .tag("writer", writer)
                .serviceLevelObjectives(StageMeters.STEPS)
                .register(meters);
        Gauge.builder("postmesh_writer_bytes_in_flight", bytesInFlight, AtomicLong::doubleValue)
                .description("Not yet acknowledged. Near the writer's buffer: Kafka is slower than the mail comes in")
                .tag("writer", writer)
                .register(meters);
        for (var why : NotWritten.Why.values()) {
            failed.put(
                    why,
                    Counter.builder("postmesh_writer_failed")
                            .description("Records Kafka did not acknowledge. Any rise: look at the brokers")
                            .tag("writer", writer)
                            .tag("why", why.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    void acknowledged(Duration took) {
        acknowledged.record(took);
    }

    void failed(NotWritten.Why why) {
        var counter = failed.get(why);
        if (counter != null) counter.increment();
    }
}
