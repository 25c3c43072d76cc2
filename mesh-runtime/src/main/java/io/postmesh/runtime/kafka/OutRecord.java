package io.postmesh.runtime.kafka;

import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A record to write.
///
/// @param partition null: Kafka chooses, which batches best
/// @param payload   its value, perhaps made only when it is sent
public record OutRecord(
        Topics topic, @Nullable Integer partition, byte @Nullable [] key, Payload payload, List<Header> headers) {
    // Kafka's bound for what a record adds around its bytes.
    private static final int FRAME = 64;

    /// What a record says. One mail for a thousand next hops is a thousand records that share its headers until each is
    /// sent.
    public sealed interface Payload {
        /// @param bytes null: a tombstone
        record Ready(byte @Nullable [] bytes) implements Payload {}

        record Mail(RecordCodec.Laid laid) implements Payload {}
    }

    /// @param value null: a tombstone
    public OutRecord(
            Topics topic,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        this(topic, partition, key, new Payload.Ready(value), headers);
    }

    public byte @Nullable [] value() {
        return switch (payload) {
            case Payload.Ready(var bytes) -> bytes;
            case Payload.Mail(var laid) -> laid.bytes();
        };
    }

    ProducerRecord<byte[], byte[]> toKafka() {
        return new ProducerRecord<>(topic.topic(), partition, key, value(), headers);
    }

    /// What it takes of a producer's buffer, at most.
    public int size() {
        int size = FRAME + (key == null ? 0 : key.length) + payloadSize();
        for (var header : headers) {
            var content = header.value();
            size += 3 * header.key().length() + (content == null ? 0 : content.length) + 10;
        }
        return size;
    }

    private int payloadSize() {
        return switch (payload) {
            case Payload.Ready(var bytes) -> bytes == null ? 0 : bytes.length;
            case Payload.Mail(var laid) -> laid.size();
        };
    }
}
