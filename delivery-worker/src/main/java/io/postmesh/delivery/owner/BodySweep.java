package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives bodies without a state their tombstone, once a day (LEDGER L8).
///
/// Such a body is left when a worker dies between the body and its state, or between the two tombstones. So only
/// bodies of former owners are looked at: what this owner wrote is its own business still.
final class BodySweep {
    private static final Logger log = LoggerFactory.getLogger(BodySweep.class);
    private static final Duration FIRST = Duration.ofMinutes(10); // a process restarted each night must sweep, too
    private static final Duration EVERY = Duration.ofDays(1);

    private final int partition;
    private final int epoch;
    private final Desk desk;
    private final Ledger ledger;
    private final Book book;
    private final Crew crew;
    private final Set<RecordId> unreadable;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile Instant due;

    BodySweep(int partition, Inheritance left, Desk desk, Ledger ledger, Book book, Crew crew) {
        this.partition = partition;
        this.epoch = left.epoch();
        this.unreadable = left.unreadable();
        this.desk = desk;
        this.ledger = ledger;
        this.book = book;
        this.crew = crew;
        this.due = desk.clock().instant().plus(FIRST);
    }

    void tick() {
        var now = desk.clock().instant();
        if (now.isBefore(due) || !sweeping.compareAndSet(false, true)) return;
        due = now.plus(EVERY);
        crew.workAside("the sweep of " + Topics.WAITING_BODIES.topic() + "-" + partition, () -> {
            try {
                sweep();
            } finally {
                sweeping.set(false);
            }
        });
    }

    private void sweep() throws InterruptedException, LeaseLost {
        int swept = 0;
        for (var body : bodies().entrySet()) {
            var key = body.getKey();
            // A letter keeps its seat, and so its body, while it is on its way.
            if (!crew.owns() || book.names(key.record(), body.getValue())) continue;
            if (unreadable.contains(key.record())) continue; // its state is there, and somebody has to look
            ledger.forgetBody(key.octets());
            swept++;
        }
        if (swept > 0) log.info("partition {}: {} bodies without a state were swept", partition, swept);
    }

    /// Offsets of former owners' bodies that have no tombstone yet.
    private Map<BodyKey, Long> bodies() {
        var found = new HashMap<BodyKey, Long>();
        try (var scan = new TopicScan(desk.kafka(), partition, () -> !crew.owns())) {
            scan.read(Topics.WAITING_BODIES, partition, 0, record -> take(record, found));
            return found;
        } catch (KafkaException | TopicScan.Stopped e) {
            log.info("partition {}: the bodies are swept another day: {}", partition, e.toString());
            return Map.of();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<BodyKey, Long> found) {
        var key = BodyKey.parse(record.key());
        if (key == null || key.epoch() >= epoch) return;
        if (record.value() == null) found.remove(key);
        else found.put(key, record.offset());
    }
}
