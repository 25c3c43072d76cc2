package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
///
/// A record is behind it only when it was told. One that cannot be told is tried a few times, then it is an alarm and
/// passed: the others must be heard.
final class Tail implements Ear.Hearing, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tail.class);
    private static final Duration POLL = Duration.ofMillis(200); // how late a new partition is followed
    private static final int TRIES = 3; // a second apart
    private static final List<Topics> TOPICS = List.of(Topics.OUTCOMES, Topics.WAITING);

    /// Who is told.
    interface Listener {
        int epoch();

        /// @param epoch  of the owner who wrote it
        /// @param offset in `mail.outcomes`
        void told(Outcome line, int epoch, long offset);

        /// @param offset in `mail.waiting`
        void overruled(RecordId record, long offset);
    }

    private static final class Followed {
        private final Listener listener;
        private final Map<Topics, Long> next = new HashMap<>(); // tail thread only, once it is followed

        private Followed(Listener listener, long outcomes, long waiting) {
            this.listener = listener;
            next.put(Topics.OUTCOMES, outcomes);
            next.put(Topics.WAITING, waiting);
        }
    }

    private final Ear ear;
    private final DeliveryMeters meters;
    private final Map<Integer, Followed> wanted = new ConcurrentHashMap<>();
    private Map<Integer, Followed> followed = Map.of();
    private Optional<Untold> untold = Optional.empty(); // tail thread only

    /// The record that could not be told the last time.
    private record Untold(TopicPartition where, long offset, int times) {}

    private Tail(KafkaSettings kafka, DeliveryMeters meters) {
        this.meters = meters;
        this.ear = new Ear("ledger-tail", kafka, this);
    }

    static Tail open(KafkaSettings kafka, DeliveryMeters meters) {
        var tail = new Tail(kafka, meters);
        tail.ear.open();
        return tail;
    }

    /// From the offsets to which the take-over read.
    void follow(int partition, Listener listener, long outcomes, long waiting) {
        wanted.put(partition, new Followed(listener, outcomes, waiting));
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
        try {
            tell(one.listener, topic, record);
        } catch (RuntimeException bug) {
            if (!isHopeless(record)) throw bug; // the ear starts over, at this record
            log.error(
                    "{}-{}@{} is passed: {}", record.topic(), record.partition(), record.offset(), bug.toString(), bug);
            meters.untold();
        }
        one.next.put(topic, record.offset() + 1);
    }

    private boolean isHopeless(ConsumerRecord<byte[], byte[]> record) {
        var where = new TopicPartition(record.topic(), record.partition());
        int times = 1
                + untold.filter(last -> last.where().equals(where) && last.offset() == record.offset())
                        .map(Untold::times)
                        .orElse(0);
        untold = Optional.of(new Untold(where, record.offset(), times));
        return times >= TRIES;
    }

    private static void tell(Listener listener, Topics topic, ConsumerRecord<byte[], byte[]> record) {
        var epoch = Epochs.of(record.headers());
        if (epoch.isEmpty() || epoch.getAsInt() == listener.epoch()) return;
        if (topic == Topics.OUTCOMES) line(listener, epoch.getAsInt(), record);
        else if (epoch.getAsInt() < listener.epoch())
            listener.overruled(new RecordId(new String(record.key(), UTF_8)), record.offset());
    }

    private static void line(Listener listener, int epoch, ConsumerRecord<byte[], byte[]> record) {
        try {
            listener.told(LedgerCodec.outcome(record.value()), epoch, record.offset());
        } catch (BadRecord e) {
            log.error("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }
}
