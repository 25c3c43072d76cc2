package io.postmesh.audit;

import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.Reach;
import io.postmesh.runtime.kafka.TlsProbe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Topics as an auditor reads them: stretches of partitions, outside any group. What is not committed does not count as
/// written, so a hanging transaction hides what stands behind it, until Kafka aborts it after 10 s.
final class Shelves implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STANDSTILL = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int FETCH = 8 << 20;

    private final KafkaSettings kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;

    private Shelves(KafkaSettings kafka, KafkaConsumer<byte[], byte[]> consumer, Admin admin) {
        this.kafka = kafka;
        this.consumer = consumer;
        this.admin = admin;
    }

    interface Each<E extends Exception> {
        void take(TopicPartition where, ConsumerRecord<byte[], byte[]> record) throws E;
    }

    static Shelves open(KafkaSettings kafka) throws IOException {
        var properties = kafka.consumer("audit", "");
        properties.put("max.poll.records", 2_000);
        properties.put("fetch.max.bytes", FETCH);
        properties.put("max.partition.fetch.bytes", FETCH / 4);
        properties.put("default.api.timeout.ms", (int) ANSWER.toMillis());
        TlsProbe.check(kafka);
        Shelves shelves;
        try {
            shelves = new Shelves(kafka, new KafkaConsumer<>(properties), Admin.create(kafka.admin("audit")));
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
        try {
            Reach.check(kafka, shelves.admin);
            return shelves;
        } catch (IOException | RuntimeException e) {
            shelves.close();
            throw e;
        }
    }

    Map<TopicPartition, Long> ends(Topics topic) throws IOException {
        try {
            return consumer.endOffsets(partitions(topic), ANSWER);
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
    }

    /// What the reader's group has committed; 0 where it never did.
    Map<TopicPartition, Long> done(Reader reader) throws IOException {
        var done = new HashMap<TopicPartition, Long>();
        committed(reader.group()).forEach((where, at) -> {
            if (at != null && where.topic().equals(reader.topic().topic())) done.put(where, at.offset());
        });
        return done;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) throws IOException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Reach.trouble(kafka, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Offsets of the first records that Kafka appended at or after this moment; partitions without one are left out.
    Map<TopicPartition, Long> since(Topics topic, Instant from) throws IOException {
        try {
            var asked = new HashMap<TopicPartition, Long>();
            for (var where : partitions(topic)) asked.put(where, Math.max(0, from.toEpochMilli()));
            var starts = new HashMap<TopicPartition, Long>();
            consumer.offsetsForTimes(asked, ANSWER).forEach((where, found) -> {
                if (found != null) starts.put(where, found.offset());
            });
            return starts;
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
    }

    /// Reads each partition from its start, or the beginning of what is left of it, up to its end.
    <E extends Exception> void read(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends, Each<E> each)
            throws E, IOException {
        for (var end : ends.entrySet()) {
            var from = starts.get(end.getKey());
            if (from != null && from < end.getValue()) read(end.getKey(), from, end.getValue(), each);
        }
    }

    private <E extends Exception> void read(TopicPartition where, long from, long end, Each<E> each)
            throws E, IOException {
        try {
            consumer.assign(List.of(where));
            long begin = consumer.beginningOffsets(List.of(where), ANSWER).getOrDefault(where, 0L);
            consumer.seek(where, Math.max(from, begin));
            long at = Math.max(from, begin);
            long moved = System.nanoTime();
            while (at < end) {
                for (var record : consumer.poll(POLL)) if (record.offset() < end) each.take(where, record);
                long now = consumer.position(where, ANSWER);
                if (now != at) moved = System.nanoTime();
                at = now;
                if (System.nanoTime() - moved > STANDSTILL.toNanos())
                    throw new IOException("Kafka gives no more of " + where + " at " + at + " of " + end);
            }
        } catch (KafkaException e) {
            throw Reach.trouble(kafka, e);
        }
    }

    /// Asked anew each time: a consumer remembers how many there were (LEDGER L5).
    List<TopicPartition> partitions(Topics topic) throws IOException {
        try {
            var shape = admin.describeTopics(List.of(topic.topic()))
                    .allTopicNames()
                    .get(ANSWER.toSeconds(), TimeUnit.SECONDS)
                    .get(topic.topic());
            if (shape == null) throw missing(topic, null);
            return shape.partitions().stream()
                    .map(info -> new TopicPartition(topic.topic(), info.partition()))
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) throw missing(topic, e);
            throw Reach.trouble(kafka, e);
        } catch (TimeoutException e) {
            throw Reach.trouble(kafka, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException missing(Topics topic, @Nullable Exception cause) {
        return new IOException("there is no topic " + topic.topic() + ": is this a Postmesh?", cause);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while asking Kafka", e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
        admin.close(CLOSE);
    }
}
