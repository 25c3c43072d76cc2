package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A record to write.
///
/// @param partition null: Kafka chooses, which batches best
/// @param value     null: a tombstone
public record OutRecord(
        Topics topic,
        @Nullable Integer partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {
    // Kafka's bound for what a record adds around its bytes.
    private static final int FRAME = 64;

    ProducerRecord<byte[], byte[]> toKafka() {
        return new ProducerRecord<>(topic.topic(), partition, key, value, headers);
    }

    /// What it takes of a producer's buffer, at most.
    public int size() {
        int size = FRAME + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (var header : headers) {
            var content = header.value();
            size += 3 * header.key().length() + (content == null ? 0 : content.length) + 10;
        }
        return size;
    }
}
