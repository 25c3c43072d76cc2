package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/// `mesh.config`, read whole and followed; what is written here is read back before the call returns.
///
/// Kafka has no compare-and-set. Whoever writes looks again, and decides by what stands in the log, which is one for
/// all.
final class ConfigTopic implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final KafkaSettings kafka;
    private final String clientId;
    private final TopicTail tail;
    private final Object news = new Object();
    private long readTo; // offset, guarded by news

    private ConfigTopic(KafkaSettings kafka, String clientId, Consumer<InRecord> each) {
        this.kafka = kafka;
        this.clientId = clientId;
        tail = TopicTail.open(kafka, clientId, Topics.CONFIG, TopicTail.From.EARLIEST, record -> read(record, each));
    }

    /// Returns when all that stands there has been read.
    ///
    /// @param each called on a thread of its own, in the order of the log
    static ConfigTopic open(KafkaSettings kafka, String clientId, Consumer<InRecord> each) throws IOException {
        var config = new ConfigTopic(kafka, clientId, each);
        try {
            config.caughtUp();
            return config;
        } catch (IOException | RuntimeException e) {
            config.close();
            throw e;
        }
    }

    /// @param value null: the key is forgotten
    void write(String key, byte @Nullable [] value) throws IOException {
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producer(clientId))) {
            var record = new OutRecord(Topics.CONFIG, 0, KafkaSettings.utf8(key), value, List.of());
            awaitRead(MeshTopics.answer(producer.send(record.toKafka())).offset());
        }
    }

    private void awaitRead(long offset) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (news) {
            while (readTo <= offset) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) throw unreadable(null);
                try {
                    news.wait(left);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
    }

    private void caughtUp() throws IOException {
        try {
            tail.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreadable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException unreadable(@Nullable Exception cause) {
        return new IOException(
                Topics.CONFIG.topic() + " could not be read within " + PATIENCE_SECONDS
                        + " s: Kafka is slow or away; see its log and load, then start again",
                cause);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while reading " + Topics.CONFIG.topic(), e);
    }

    private void read(InRecord record, Consumer<InRecord> each) {
        try {
            each.accept(record);
        } finally {
            synchronized (news) {
                readTo = record.offset() + 1;
                news.notifyAll();
            }
        }
    }

    @Override
    public void close() {
        tail.close();
    }
}
