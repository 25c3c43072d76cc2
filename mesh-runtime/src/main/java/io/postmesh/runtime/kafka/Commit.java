package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// How a stage's outputs and its progress become durable.
interface Commit extends AutoCloseable {
    /// Gets ready, if it is not; after a failure the next try starts here.
    void open();

    /// How many partitions a topic has, as far as is known.
    int partitions(Topics topic);

    /// Both or, after an exception, begin again from the committed offsets.
    void commit(
            List<OutRecord> outputs, Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<byte[], byte[]> consumer);

    /// Leaves nothing half done behind.
    void afterFailure(Exception problem);

    @Override
    void close();
}
