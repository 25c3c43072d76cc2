package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what other workers write to the ledger and the waiting room of this worker's partitions (LEDGER L16): results
/// of attempts that were handed over, and what somebody wrote after their time.
///
/// What an owner wrote itself is passed over by its epoch, undecoded. It sees uncommitted records, as [TopicScan] does;
/// what policy writes bears no epoch.
final class Tail implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(200); // how late a new partition is followed
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final List<Topics> TOPICS = List.of(Topics.OUTCOMES, Topics.WAITING);

    private static final class Followed {
        private final PartitionOwner owner;
        private final Map<Topics, Long> next = new HashMap<>(); // tail thread only, once it is followed

        private Followed(PartitionOwner owner, long outcomes, long waiting) {
            this.owner = owner;
            next.put(Topics.OUTCOMES, outcomes);
            next.put(Topics.WAITING, waiting);
        }
    }

    private final Map<String, Object> properties;
    private final Map<Integer, Followed> wanted = new ConcurrentHashMap<>();
    private final Thread thread;
    private Map<Integer, Followed> followed = Map.of();
    private volatile boolean closing;

    private Tail(Map<String, Object> properties) {
        this.properties = properties;
        this.thread = Thread.ofPlatform().daemon().name("ledger-tail").unstarted(this::run);
    }

    static Tail open(KafkaSettings kafka) {
        var properties = kafka.consumer("ledger-tail", "");
        properties.put("isolation.level", "read_uncommitted");
        var tail = new Tail(properties);
        tail.thread.start();
        return tail;
    }

    /// From the offsets to which the take-over read.
    void follow(int partition, PartitionOwner owner, long outcomes, long waiting) {
        wanted.put(partition, new Followed(owner, outcomes, waiting));
    }

    void leave(int partition) {
        wanted.remove(partition);
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(PAUSE.multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try {
                listen();
            } catch (KafkaException | InterruptedException e) {
                log.warn("the ledger's tail starts over: {}", e.toString());
            } catch (RuntimeException bug) {
                log.error("the ledger's tail starts over: {}", bug.toString(), bug); // the thread must live
                pause();
            }
        }
    }

    private void listen() throws InterruptedException {
        var consumer = new KafkaConsumer<byte[], byte[]>(properties);
        try {
            followed = Map.of();
            while (!closing) {
                follow(consumer);
                if (followed.isEmpty()) TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
                else for (var record : consumer.poll(POLL)) hear(record);
            }
        } finally {
            consumer.close(CloseOptions.timeout(PAUSE));
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        var now = Map.copyOf(wanted);
        if (now.equals(followed)) return;
        var all = new ArrayList<TopicPartition>();
        now.forEach((partition, _) -> TOPICS.forEach(topic -> all.add(new TopicPartition(topic.topic(), partition))));
        consumer.assign(all);
        now.forEach((partition, one) -> {
            if (followed.get(partition) == one) return;
            one.next.forEach((topic, offset) -> consumer.seek(new TopicPartition(topic.topic(), partition), offset));
        });
        followed = now;
    }

    private void hear(ConsumerRecord<byte[], byte[]> record) {
        var one = followed.get(record.partition());
        if (one == null) return;
        var topic = record.topic().equals(Topics.OUTCOMES.topic()) ? Topics.OUTCOMES : Topics.WAITING;
        one.next.put(topic, record.offset() + 1);
        var epoch = Epochs.of(record.headers());
        if (epoch.isEmpty() || epoch.getAsInt() == one.owner.epoch()) return;
        if (topic == Topics.OUTCOMES) line(one.owner, record);
        else if (epoch.getAsInt() < one.owner.epoch())
            one.owner.overruled(new RecordId(new String(record.key(), UTF_8)), record.offset());
    }

    private static void line(PartitionOwner owner, ConsumerRecord<byte[], byte[]> record) {
        try {
            owner.told(LedgerCodec.outcome(record.value()), record.offset());
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
