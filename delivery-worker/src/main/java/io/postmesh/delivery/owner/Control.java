package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Action;
import io.postmesh.contract.ActionId;
import io.postmesh.contract.Answer;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.ControlCodec;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.control.Standing;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.OutRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators say, in `mesh.control`, read whole and for ever by every worker; and what its partitions answer.
///
/// One partition, so all workers hear the same in the same order. An action counts from the moment Kafka took it, by
/// Kafka's clock; the operator's own may be wrong.
final class Control implements Ear.Hearing, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Control.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(1); // of Kafka
    private static final Duration TIDY = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofMinutes(10); // an answer whose asker has gone
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL.topic(), 0);

    private final KafkaSettings kafka;
    private final Orders orders;
    private final String worker;
    private final LedgerLog answers;
    private final Executor side;
    private final Clock clock;
    private final Ear ear;
    private final Set<Steward> stewards = new HashSet<>(); // guarded by this
    private volatile long position = -1;
    private volatile boolean first;
    private volatile Instant tidied = Instant.MIN;
    private final AtomicBoolean tidying = new AtomicBoolean();

    Control(KafkaSettings kafka, Orders orders, String worker, LedgerLog answers, Executor side, Clock clock) {
        this.kafka = kafka;
        this.orders = orders;
        this.worker = worker;
        this.answers = answers;
        this.side = side;
        this.clock = clock;
        this.ear = new Ear("control", kafka, this);
    }

    void open() {
        ear.open();
    }

    /// Waits until everything below this offset is known: whoever takes over a partition must not attempt what an
    /// operator was told would wait.
    void await(long end, BooleanSupplier over) throws InterruptedException {
        while (position < end) {
            if (over.getAsBoolean()) throw new TopicScan.Stopped();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /// From now on this partition is told; what stands already it finds for itself.
    void follow(Steward steward) {
        synchronized (this) {
            stewards.add(steward);
        }
        steward.begin();
    }

    synchronized void leave(Steward steward) {
        stewards.remove(steward);
    }

    /// Answers are worth a try: an owner that does not answer is named to the operator, and asked again.
    void answer(Answer answer) {
        send(Topics.ANSWERS, answer.key(), ControlCodec.encode(answer));
    }

    String worker() {
        return worker;
    }

    Optional<String> trouble() {
        return ear.isWell() ? Optional.empty() : Optional.of("nobody hears " + Topics.CONTROL.topic());
    }

    /// Nobody needs to hear any more; who closes it need not wait so long.
    void stop() {
        ear.stop();
    }

    @Override
    public void close() {
        ear.close();
    }

    @Override
    public void begin(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(CONTROL));
        if (position < 0) consumer.seekToBeginning(List.of(CONTROL));
        else consumer.seek(CONTROL, position);
    }

    @Override
    public void turn(KafkaConsumer<byte[], byte[]> consumer) {
        for (var record : consumer.poll(POLL)) hear(record);
        position = consumer.position(CONTROL, ANSWER);
    }

    private void hear(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) return;
        try {
            var key = new ActionId(new String(record.key(), UTF_8));
            if (record.value() == null) {
                orders.end(key);
                return;
            }
            var action = ControlCodec.action(record.value());
            // Nobody could end it: the tombstone would be another key's.
            if (!action.id().equals(key)) throw new BadRecord("action " + action.id() + " lies under another key");
            take(record.offset(), Instant.ofEpochMilli(record.timestamp()), action);
        } catch (BadRecord | IllegalArgumentException e) {
            log.error("{}@{}: {}", Topics.CONTROL.topic(), record.offset(), e.getMessage());
        }
    }

    // In one piece with `follow`: a partition is either told, or finds it standing.
    private synchronized void take(long offset, Instant since, Action action) {
        var now = clock.instant();
        var one = new Standing(offset, since.plus(action.lasts()), action);
        if (action.stands()) {
            orders.expire(now); // at a start all is read, and what is over takes no place
            var taken = orders.take(offset, since, action);
            if (taken.isEmpty()) {
                refuse(one);
                return;
            }
            one = taken.get();
        }
        if (!one.isValid(now)) return;
        if (action.stands()) log.info("in force until {}: {} selects {}", one.until(), one.note(), text(action));
        for (var steward : stewards) steward.told(one);
    }

    private static String text(Action action) {
        return action.selector().text();
    }

    private void refuse(Standing one) {
        var why = Orders.MOST + " actions are in force already";
        log.error("{} is refused: {}", one.note(), why);
        for (var steward : stewards) steward.refuse(one, why);
        if (first) send(Topics.CONTROL, one.action().id().text(), null); // else it would stand after a restart
    }

    /// Time has passed.
    ///
    /// @param isFirst whether this worker does what one of all workers is to do
    void tick(boolean isFirst) {
        first = isFirst;
        var now = clock.instant();
        var over = orders.expire(now);
        for (var one : over) log.info("no more in force: {}", one.note());
        if (!isFirst || now.isBefore(tidied.plus(TIDY)) || !tidying.compareAndSet(false, true)) return;
        tidied = now;
        try {
            side.execute(() -> tidyOnce(now));
        } catch (RejectedExecutionException stop) {
            log.debug("the worker stops");
        }
    }

    private void tidyOnce(Instant now) {
        try {
            tidy(now);
        } finally {
            tidying.set(false);
        }
    }

    // What nobody needs any more gets its tombstone, whoever left it: actions whose time is over, and answers to them.
    private void tidy(Instant now) {
        var standing = new HashSet<String>();
        orders.standing().forEach(one -> standing.add(one.action().id().text()));
        try (var scan = new TopicScan(kafka, 0, ear::isStopped)) {
            tidy(scan, Topics.CONTROL, standing, now);
            tidy(scan, Topics.ANSWERS, standing, now);
        } catch (KafkaException | TopicScan.Stopped e) {
            log.info("{} is tidied another time: {}", Topics.CONTROL.topic(), e.toString());
        }
    }

    private void tidy(TopicScan scan, Topics topic, Set<String> standing, Instant now) {
        var left = new HashSet<String>();
        scan.read(topic, 0, 0, record -> {
            if (record.key() == null) return;
            var key = new String(record.key(), UTF_8);
            boolean young = Instant.ofEpochMilli(record.timestamp()).plus(KEPT).isAfter(now);
            if (record.value() == null || young) left.remove(key);
            else left.add(key);
        });
        left.removeIf(key -> standing.contains(key.split("/", 2)[0]));
        left.forEach(key -> send(topic, key, null));
    }

    private void send(Topics topic, String key, byte @Nullable [] value) {
        answers.send(new OutRecord(topic, 0, key.getBytes(UTF_8), value, List.of()))
                .whenComplete((_, problem) -> {
                    if (problem != null) log.warn("{} {} is not written: {}", topic.topic(), key, problem.toString());
                });
    }
}
