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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what other workers write to the ledger and the waiting room of this worker's partitions (LEDGER L16): results
/// of attempts that were handed over, and what somebody wrote after their time.
///
/// What an owner wrote itself is passed over by its epoch, undecoded; what policy writes bears no epoch.
final class Tail implements Ear.Hearing, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(200); // how late a new partition is followed
    private static final List<Topics> TOPICS = List.of(Topics.OUTCOMES, Topics.WAITING);

    private static final class Followed {
        private final Hearsay hearsay;
        private final Map<Topics, Long> next = new HashMap<>(); // tail thread only, once it is followed

        private Followed(Hearsay hearsay, long outcomes, long waiting) {
            this.hearsay = hearsay;
            next.put(Topics.OUTCOMES, outcomes);
            next.put(Topics.WAITING, waiting);
        }
    }

    private final Ear ear;
    private final Map<Integer, Followed> wanted = new ConcurrentHashMap<>();
    private Map<Integer, Followed> followed = Map.of();

    private Tail(KafkaSettings kafka) {
        this.ear = new Ear("ledger-tail", kafka, this);
    }

    static Tail open(KafkaSettings kafka) {
        var tail = new Tail(kafka);
        tail.ear.open();
        return tail;
    }

    /// From the offsets to which the take-over read.
    void follow(int partition, Hearsay hearsay, long outcomes, long waiting) {
        wanted.put(partition, new Followed(hearsay, outcomes, waiting));
    }

    void leave(int partition) {
        wanted.remove(partition);
    }

    boolean isWell() {
        return ear.isWell();
    }

    /// Nothing is to be told any more; who closes it need not wait so long.
    void stop() {
        ear.stop();
    }

    @Override
    public void close() {
        ear.close();
    }

    @Override
    public void begin(KafkaConsumer<byte[], byte[]> consumer) {
        followed = Map.of();
    }

    @Override
    public void turn(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        follow(consumer);
        if (followed.isEmpty()) ear.rest(POLL);
        else for (var record : consumer.poll(POLL)) hear(record);
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
        if (epoch.isEmpty() || epoch.getAsInt() == one.hearsay.epoch()) return;
        if (topic == Topics.OUTCOMES) line(one.hearsay, record);
        else if (epoch.getAsInt() < one.hearsay.epoch())
            one.hearsay.overruled(new RecordId(new String(record.key(), UTF_8)), record.offset());
    }

    private static void line(Hearsay hearsay, ConsumerRecord<byte[], byte[]> record) {
        try {
            hearsay.told(LedgerCodec.outcome(record.value()), record.offset());
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }
}
