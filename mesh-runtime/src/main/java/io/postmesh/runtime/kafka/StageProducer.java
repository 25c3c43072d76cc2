package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/// A stage's producer: opened when it is needed, thrown away when it is of no use any more.
final class StageProducer {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> properties;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    StageProducer(Map<String, Object> properties) {
        this.properties = Map.copyOf(properties);
    }

    /// @param prepare makes a fresh one usable; one that cannot be prepared is not kept
    void open(Consumer<KafkaProducer<byte[], byte[]>> prepare) {
        if (producer != null) return;
        var fresh = new KafkaProducer<byte[], byte[]>(properties);
        try {
            prepare.accept(fresh);
            producer = fresh;
        } finally {
            if (producer == null) fresh.close(Duration.ZERO);
        }
    }

    KafkaProducer<byte[], byte[]> opened() {
        if (producer == null) throw new IllegalStateException("not open");
        return producer;
    }

    int partitions(Topics topic) {
        return opened().partitionsFor(topic.topic()).size();
    }

    /// Says nothing more to Kafka, not even that it goes.
    void discard() {
        close(Duration.ZERO);
    }

    void close() {
        close(CLOSE);
    }

    private void close(Duration patience) {
        var from = producer;
        producer = null;
        if (from != null) from.close(patience);
    }
}
