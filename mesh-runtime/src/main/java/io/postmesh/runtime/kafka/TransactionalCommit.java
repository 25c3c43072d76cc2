package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Kafka transaction per batch: outputs and offsets, both or neither.
///
/// Who lost its partitions without noticing is fenced twice: by the group's generation, which goes to Kafka with the
/// offsets, and, when it is a copy of this process, by the id.
final class TransactionalCommit implements Commit {
    private static final Logger log = LoggerFactory.getLogger(TransactionalCommit.class);

    /// An open transaction holds up all readers behind it; after that time Kafka aborts it.
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final long NONE = 0;

    private final StageProducer producer;
    private final String id;
    private long begunAt = NONE;

    TransactionalCommit(Map<String, Object> properties, String id) {
        var all = new HashMap<>(properties);
        all.put("transactional.id", id);
        all.put("transaction.timeout.ms", (int) LONGEST.toMillis());
        this.producer = new StageProducer(all);
        this.id = id;
    }

    /// Taking the id ends whatever a predecessor left open (LEDGER L24).
    @Override
    public void open() {
        producer.open(KafkaProducer::initTransactions);
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
        begunAt = System.nanoTime();
        to.beginTransaction();
        // What goes wrong with a single send comes out of commitTransaction.
        for (var output : outputs) to.send(output.toKafka());
        to.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        to.commitTransaction();
        begunAt = NONE;
    }

    /// What failed outside of a transaction left nothing open here.
    @Override
    public void afterFailure(Exception problem) {
        if (begunAt == NONE) return;
        switch (Remedy.after(problem)) {
            case ABORT -> abort();
            case FENCED -> {
                log.warn("{}: {}", id, whyFenced(Duration.ofNanos(System.nanoTime() - begunAt)));
                producer.discard();
            }
            case NEW_PRODUCER -> producer.discard();
        }
        begunAt = NONE;
    }

    private static String whyFenced(Duration open) {
        return open.compareTo(LONGEST) > 0
                ? "a transaction was open for " + open.toSeconds() + " s and Kafka ended it; look at the brokers' disks"
                : "another process uses this id; give each its own POSTMESH_INSTANCE";
    }

    private void abort() {
        try {
            producer.opened().abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            log.debug("{}: abort failed, starting over: {}", id, e.toString());
            producer.discard();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
