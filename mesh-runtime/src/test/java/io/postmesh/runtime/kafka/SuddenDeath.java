package io.postmesh.runtime.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Sits in Kafka's own clients and halts the process, as kill -9 would, between two of their steps.
public final class SuddenDeath implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
    static final String PROPERTY = "postmesh.test.death";

    private static final int KILLED = 137;

    /// What the process had just done, or was about to do, for the n-th record.
    enum Moment {
        /// Read it; what came before is committed.
        READ,
        /// Is about to write what came of it, others of its batch before it are on their way.
        SENDING,
        /// Was told that what came of it is written; the offsets are not.
        WRITTEN,
        /// Committed its offset. Without transactions only: within one it is not a step of its own.
        COMMITTED
    }

    // The consumer and the producer each make one of us.
    private static final AtomicInteger read = new AtomicInteger();
    private static final AtomicInteger sent = new AtomicInteger();
    private static final AtomicInteger written = new AtomicInteger();

    private final String prefix;
    private final Moment moment;
    private final int records;

    public SuddenDeath() {
        var parts = System.getProperty(PROPERTY, "").split(",", -1);
        prefix = parts[0] + "/";
        moment = Moment.valueOf(parts[1]);
        records = Integer.parseInt(parts[2]);
    }

    private void reached(Moment at, int count) {
        if (at == moment && count >= records) Runtime.getRuntime().halt(KILLED);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> polled) {
        for (var record : polled) {
            if (record.key() != null && new String(record.key(), US_ASCII).startsWith(prefix))
                reached(Moment.READ, read.incrementAndGet());
        }
        return polled;
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        reached(Moment.SENDING, sent.incrementAndGet());
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata at, @Nullable Exception problem) {
        if (problem == null) reached(Moment.WRITTEN, written.incrementAndGet());
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        reached(Moment.COMMITTED, read.get());
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> settings) {}
}
