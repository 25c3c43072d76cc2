package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/// Without transactions: outputs acknowledged first, then the offsets. A crash between the two repeats a batch;
/// identities catch the duplicates (LEDGER L1, L18), and nothing is lost.
final class PlainCommit implements Commit {
    private final StageProducer producer;

    PlainCommit(Map<String, Object> properties) {
        this.producer = new StageProducer(properties);
    }

    @Override
    public void open() {
        producer.open(_ -> {});
    }

    @Override
    public int partitions(Topics topic) {
        return producer.partitions(topic);
    }

    @Override
    public void commit(
            List<OutRecord> outputs,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Consumer<byte[], byte[]> consumer) {
        var to = producer.opened();
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

    /// What is still under way may come late and be a duplicate; it is not waited for.
    @Override
    public void afterFailure(Exception problem) {
        producer.discard();
    }

    @Override
    public void close() {
        producer.close();
    }
}
