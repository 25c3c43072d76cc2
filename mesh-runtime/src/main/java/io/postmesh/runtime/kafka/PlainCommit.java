package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// Without transactions: outputs acknowledged first, then the offsets. A crash between the two repeats a batch;
/// identities catch the duplicates, and nothing is lost.
final class PlainCommit implements Commit {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> properties;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    PlainCommit(Map<String, Object> properties) {
        this.properties = properties;
    }

    @Override
    public void open() {
        if (producer == null) producer = new KafkaProducer<>(properties);
    }

    @Override
    public int partitions(Topics topic) {
        return opened().partitionsFor(topic.topic()).size();
    }

    private KafkaProducer<byte[], byte[]> opened() {
        if (producer == null) throw new IllegalStateException("not open");
        return producer;
    }

    @Override
    public void commit(
            List<OutRecord> outputs,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Consumer<byte[], byte[]> consumer) {
        var to = opened();
        var written = new ArrayList<Future<RecordMetadata>>(outputs.size());
        for (var output : outputs) written.add(to.send(output.toKafka()));
        to.flush();
        written.forEach(PlainCommit::acknowledged);
        commitOffsets(offsets, consumer);
    }

    /// A stage that is being stopped still finishes its batch.
    private static void commitOffsets(
            Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<byte[], byte[]> consumer) {
        try {
            consumer.commitSync(offsets);
        } catch (WakeupException e) {
            consumer.commitSync(offsets);
        }
    }

    private static void acknowledged(Future<RecordMetadata> written) {
        try {
            written.get();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void afterFailure(Exception problem) {
        var from = producer;
        producer = null;
        if (from != null) from.close(Duration.ZERO);
    }

    @Override
    public void close() {
        if (producer != null) producer.close(CLOSE);
        producer = null;
    }
}
