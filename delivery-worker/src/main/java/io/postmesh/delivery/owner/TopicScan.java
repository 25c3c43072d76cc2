package io.postmesh.delivery.owner;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Reads a stretch of one partition, up to where it ends now.
///
/// It sees uncommitted records, too: a policy's open transaction must not hide our own results behind it. What policy
/// wrote is not ours to believe, see [TakeOver].
final class TopicScan implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BooleanSupplier stopping;

    /// Nobody wants the answer any more.
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("the worker stops");
        }
    }

    TopicScan(KafkaSettings kafka, int partition, BooleanSupplier stopping) {
        var properties = kafka.consumer("take-over-" + partition, "");
        properties.put("isolation.level", "read_uncommitted");
        properties.put("max.poll.records", 5_000);
        this.consumer = new KafkaConsumer<>(properties);
        this.stopping = stopping;
    }

    /// @return the end: nothing at or above it was read
    long read(Topics topic, int partition, long from, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        var where = new TopicPartition(topic.topic(), partition);
        consumer.assign(List.of(where));
        long end = end(topic, partition);
        long start = Math.max(from, begin(topic, partition));
        if (start >= end) return end;
        consumer.seek(where, start);
        while (consumer.position(where) < end) {
            if (stopping.getAsBoolean()) throw new Stopped();
            for (var record : consumer.poll(POLL)) if (record.offset() < end) each.accept(record);
        }
        return end;
    }

    long end(Topics topic, int partition) {
        return only(consumer.endOffsets(List.of(new TopicPartition(topic.topic(), partition))));
    }

    long begin(Topics topic, int partition) {
        return only(consumer.beginningOffsets(List.of(new TopicPartition(topic.topic(), partition))));
    }

    private static long only(Map<TopicPartition, Long> offsets) {
        return offsets.values().iterator().next();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
