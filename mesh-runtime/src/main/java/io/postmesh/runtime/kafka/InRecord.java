package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A record that was read.
///
/// @param timestamp of the broker's append, in ms
/// @param value     null: a tombstone
public record InRecord(
        Topics topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {

    public static InRecord of(Topics topic, ConsumerRecord<byte[], byte[]> record) {
        return new InRecord(
                topic,
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }
}
