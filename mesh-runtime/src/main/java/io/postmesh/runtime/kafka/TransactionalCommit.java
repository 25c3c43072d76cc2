package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Kafka transaction per batch: outputs and offsets, both or neither.
final class TransactionalCommit implements Commit {
    private static final Logger log = LoggerFactory.getLogger(TransactionalCommit.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> properties;
    private final String id;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    TransactionalCommit(Map<String, Object> properties, String id) {
        this.properties = properties;
        this.id = id;
        properties.put("transactional.id", id);
        properties.put("transaction.timeout.ms", 10_000); // an open one holds up all readers behind it
    }

    /// Taking the id ends whatever a predecessor left open (LEDGER L24).
    @Override
    public void open() {
        if (producer != null) return;
        var fresh = new KafkaProducer<byte[], byte[]>(properties);
        try {
            fresh.initTransactions();
            producer = fresh;
        } finally {
            if (producer == null) fresh.close(Duration.ZERO);
        }
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
        to.beginTransaction();
        // What goes wrong with a single send comes out of commitTransaction.
        for (var output : outputs) to.send(output.toKafka());
        to.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        to.commitTransaction();
    }

    /// Where an abort is not surely enough, a new producer takes the id: that ends the transaction one way or the
    /// other, and the committed offsets then tell which.
    @Override
    public void afterFailure(Exception problem) {
        var from = producer;
        if (from == null) return;
        if (problem instanceof ProducerFencedException || problem instanceof InvalidProducerEpochException) {
            log.warn("{}: another process uses this id; give each its own POSTMESH_INSTANCE", id);
        } else if (isSurelyAbortable(problem) && aborts(from)) {
            return;
        }
        producer = null;
        from.close(Duration.ZERO);
    }

    /// The group moved on while we worked.
    private static boolean isSurelyAbortable(Exception problem) {
        return problem instanceof CommitFailedException || problem instanceof RebalanceInProgressException;
    }

    private boolean aborts(KafkaProducer<byte[], byte[]> from) {
        try {
            from.abortTransaction();
            return true;
        } catch (KafkaException | IllegalStateException e) {
            log.debug("{}: abort failed, starting over: {}", id, e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        if (producer != null) producer.close(CLOSE);
        producer = null;
    }
}
