package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads all partitions of a topic, outside any group. Partitions added later are read from their beginning.
public final class TopicTail implements AutoCloseable {
    /// Where reading starts.
    public enum From {
        EARLIEST,
        NOW
    }

    private static final Logger log = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String name;
    private final Topics topic;
    private final Consumer<InRecord> each;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Thread thread;
    private From from;
    private Map<TopicPartition, Long> endsAtOpen = Map.of();
    private long lookedForPartitions;
    private volatile boolean stopping;

    private TopicTail(
            String name, Topics topic, From from, Consumer<InRecord> each, KafkaConsumer<byte[], byte[]> consumer) {
        this.name = name;
        this.topic = topic;
        this.from = from;
        this.each = each;
        this.consumer = consumer;
        this.thread = Thread.ofPlatform().daemon().name("tail-" + name).unstarted(this::run);
    }

    /// @param each called on the tail's own thread, in partition order
    public static TopicTail open(
            KafkaSettings kafka, String clientId, Topics topic, From from, Consumer<InRecord> each) {
        var consumer = new KafkaConsumer<byte[], byte[]>(kafka.consumer(clientId, ""));
        var tail = new TopicTail(clientId, topic, from, each, consumer);
        tail.thread.start();
        return tail;
    }

    /// Completes when everything written before [#open] has been read, or at once when reading starts now. Watching
    /// from `NOW`, wait for this before writing what you want to see.
    public CompletableFuture<Void> caughtUp() {
        return caughtUp.copy();
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE.plusSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                turn();
            } catch (WakeupException e) {
                log.debug("tail {}: woken", name);
            } catch (RuntimeException e) { // nobody would notice a tail that ended
                log.warn("tail {}: trying again: {}", name, e.toString());
                pause();
            }
        }
        caughtUp.cancel(false);
        consumer.close(CloseOptions.timeout(CLOSE));
    }

    private void turn() {
        if (System.nanoTime() - lookedForPartitions > LOOK_FOR_PARTITIONS.toNanos()
                || consumer.assignment().isEmpty()) {
            takePartitions();
        }
        for (var record : consumer.poll(caughtUp.isDone() ? IDLE : Duration.ofMillis(50))) tell(record);
        if (!caughtUp.isDone() && isCaughtUp()) caughtUp.complete(null);
    }

    private void takePartitions() {
        var all = consumer.partitionsFor(topic.topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        lookedForPartitions = System.nanoTime();
        var known = consumer.assignment();
        var fresh = all.stream().filter(partition -> !known.contains(partition)).toList();
        if (fresh.isEmpty()) return;
        boolean first = known.isEmpty();
        // Asked before anything is assigned: when the question fails, the next turn begins here again.
        var ends = first ? consumer.endOffsets(fresh) : Map.<TopicPartition, Long>of();
        consumer.assign(all);
        if (from == From.NOW) {
            ends.forEach(consumer::seek);
        } else {
            consumer.seekToBeginning(fresh);
        }
        if (first) endsAtOpen = ends;
        from = From.EARLIEST; // whatever appears from now on is new
    }

    private boolean isCaughtUp() {
        if (consumer.assignment().isEmpty()) return false;
        return endsAtOpen.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /// One bad record must not end the watch.
    private void tell(ConsumerRecord<byte[], byte[]> record) {
        try {
            each.accept(InRecord.of(topic, record));
        } catch (RuntimeException e) {
            log.warn("tail {}: {}-{}@{}: {}", name, topic.topic(), record.partition(), record.offset(), e.toString());
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
