package io.postmesh.delivery.waiting;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads waiting mail back from `mail.waiting.bodies` by its offset.
///
/// A few consumers, each on a thread of its own with some of the partitions. Wishes that gathered meanwhile are served
/// in the order of their offsets, so that mail that was deferred together is read together. Mail that is due together
/// was not: so little is fetched at once.
public final class WaitingBodies implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WaitingBodies.class);
    private static final int TOGETHER = 200;
    private static final int READERS = 3;
    private static final int FETCH = 64 << 10; // at least one batch, whatever its size
    private static final int FETCH_WAIT_MS = 5; // a fetch beyond the end is waited for before the next one is sent
    private static final int NEAR = 30; // reading on is cheaper than seeking
    private static final int ROUNDS = 50; // then others get their turn
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// There is no record at the offset a state names: an alarm, never a skip.
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(int partition, long offset) {
            super("no record at " + Topics.WAITING_BODIES.topic() + "-" + partition + "@" + offset);
        }
    }

    private record Wish(int partition, long offset, CompletableFuture<ConsumerRecord<byte[], byte[]>> body) {}

    private final List<Reader> readers;

    private WaitingBodies(List<Reader> readers) {
        this.readers = readers;
    }

    public static WaitingBodies open(KafkaSettings kafka) {
        var properties = kafka.consumer("waiting-bodies", "");
        properties.put("max.partition.fetch.bytes", FETCH); // one mail is wanted, not the rest of the topic
        properties.put("fetch.max.bytes", FETCH);
        properties.put("isolation.level", "read_uncommitted"); // bodies are written without transactions
        properties.put("auto.offset.reset", "earliest");
        properties.put("fetch.max.wait.ms", FETCH_WAIT_MS);
        return new WaitingBodies(IntStream.range(0, READERS)
                .mapToObj(_ -> new Reader(properties))
                .toList());
    }

    /// Fails with [Missing] when nothing lies there; keeps trying when Kafka does not answer.
    public CompletableFuture<ConsumerRecord<byte[], byte[]>> read(int partition, long offset) {
        var wish = new Wish(partition, offset, new CompletableFuture<>());
        readers.get(partition % READERS).wishes.add(wish);
        return wish.body();
    }

    @Override
    public void close() {
        readers.forEach(Reader::end);
        readers.forEach(Reader::join);
    }

    private static final class Reader {
        private final LinkedBlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
        private final Map<String, Object> properties;
        private final Thread thread;
        private volatile boolean closing;

        private Reader(Map<String, Object> properties) {
            this.properties = properties;
            this.thread = Thread.ofPlatform().daemon().name("waiting-bodies").start(this::run);
        }

        private void end() {
            closing = true;
            thread.interrupt();
        }

        private void join() {
            try {
                thread.join(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            while (!closing) {
                try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
                    while (!closing) serve(consumer, gather());
                } catch (InterruptedException e) {
                    if (!closing) log.warn("waiting mail cannot be read back: {}", e.toString());
                } catch (KafkaException e) {
                    log.warn("waiting mail cannot be read back: {}", e.toString());
                    LockSupport.parkNanos(PAUSE.toNanos());
                } catch (RuntimeException bug) {
                    log.error("waiting mail cannot be read back: {}", bug.toString(), bug); // the thread must live
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }

        private List<Wish> gather() throws InterruptedException {
            var together = new ArrayList<Wish>();
            var first = wishes.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) together.add(first);
            wishes.drainTo(together, TOGETHER);
            return together;
        }

        private void serve(KafkaConsumer<byte[], byte[]> consumer, List<Wish> together) {
            var byPartition = new HashMap<Integer, TreeMap<Long, List<Wish>>>();
            for (var wish : together) {
                byPartition
                        .computeIfAbsent(wish.partition(), _ -> new TreeMap<>())
                        .computeIfAbsent(wish.offset(), _ -> new ArrayList<>())
                        .add(wish);
            }
            try {
                byPartition.forEach((partition, open) -> serveOrFail(consumer, partition, open));
            } finally {
                for (var wish : together) if (!wish.body().isDone()) wishes.add(wish);
            }
        }

        // A wish that can never be served must not stand before the others; whoever wished looks again later, and
        // counts.
        private void serveOrFail(
                KafkaConsumer<byte[], byte[]> consumer, int partition, TreeMap<Long, List<Wish>> open) {
            try {
                serve(consumer, partition, open);
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException bug) {
                log.error("partition {}: waiting mail cannot be read back: {}", partition, bug.toString(), bug);
                open.values()
                        .forEach(wishes -> wishes.forEach(wish -> wish.body().completeExceptionally(bug)));
            }
        }

        private void serve(KafkaConsumer<byte[], byte[]> consumer, int partition, TreeMap<Long, List<Wish>> open) {
            var where = new TopicPartition(Topics.WAITING_BODIES.topic(), partition);
            consumer.assign(List.of(where));
            long at = -1;
            for (int round = 0; !open.isEmpty() && round < ROUNDS && !closing; round++) {
                long wanted = open.firstKey();
                if (at < 0 || wanted < at || wanted > at + NEAR) consumer.seek(where, wanted);
                var records = consumer.poll(POLL).records(where);
                for (var record : records) give(record, open);
                at = consumer.position(where);
                if (!records.isEmpty()) dropPassed(partition, at, open);
            }
        }

        private static void give(ConsumerRecord<byte[], byte[]> record, TreeMap<Long, List<Wish>> open) {
            var served = open.remove(record.offset());
            if (served != null) served.forEach(wish -> wish.body().complete(record));
        }

        // The reader went past the offset without meeting a record there.
        private static void dropPassed(int partition, long position, TreeMap<Long, List<Wish>> open) {
            while (!open.isEmpty() && open.firstKey() < position) {
                var passed = open.pollFirstEntry();
                var missing = new Missing(partition, passed.getKey());
                passed.getValue().forEach(wish -> wish.body().completeExceptionally(missing));
            }
        }
    }
}
