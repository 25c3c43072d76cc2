package io.postmesh.delivery.owner;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
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
    private static final String TOPIC = Topics.WAITING_BODIES.topic();
    private static final Duration FIRST = Duration.ofMinutes(10); // a process restarted each night must sweep, too
    private static final Duration EVERY = Duration.ofDays(1);

    private final int partition;
    private final int epoch;
    private final Desk desk;
    private final Ledger ledger;
    private final Book book;
    private final Crew crew;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile Instant due;

    BodySweep(int partition, int epoch, Desk desk, Ledger ledger, Book book, Crew crew) {
        this.partition = partition;
        this.epoch = epoch;
        this.desk = desk;
        this.ledger = ledger;
        this.book = book;
        this.crew = crew;
        this.due = desk.clock().instant().plus(FIRST);
    }

    void tick() {
        var now = desk.clock().instant();
        if (now.isBefore(due) || !book.isWhole() || !sweeping.compareAndSet(false, true)) return;
        due = now.plus(EVERY);
        try {
            desk.sweeper().execute(() -> crew.work("the sweep of " + TOPIC + "-" + partition, this::sweepOnce));
        } catch (RejectedExecutionException stop) {
            log.debug("partition {}: the worker stops", partition);
        }
    }

    private void sweepOnce() throws InterruptedException, LeaseLost {
        try {
            sweep();
        } finally {
            sweeping.set(false);
        }
    }

    private void sweep() throws InterruptedException, LeaseLost {
        int swept = 0;
        for (var key : nameless()) {
            if (!crew.owns()) return;
            ledger.forgetBody(key.octets());
            swept++;
        }
        if (swept > 0) log.info("partition {}: {} bodies without a state were swept", partition, swept);
    }

    /// Former owners' bodies that no state names and that have no tombstone yet. A letter keeps its seat, and so its
    /// body, while it is on its way.
    private Set<BodyKey> nameless() {
        var found = new HashSet<BodyKey>();
        try (var scan = new TopicScan(desk.kafka(), partition, () -> !crew.owns())) {
            scan.read(Topics.WAITING_BODIES, partition, 0, record -> take(record, found));
            return found;
        } catch (KafkaException | TopicScan.Stopped e) {
            log.info("partition {}: the bodies are swept another day: {}", partition, e.toString());
            return Set.of();
        }
    }

    // No state names it now, so none ever will: a state is written by whoever wrote its body, and that one's time is
    // over.
    private void take(ConsumerRecord<byte[], byte[]> record, Set<BodyKey> found) {
        var key = BodyKey.parse(record.key());
        if (key == null || key.epoch() >= epoch) return;
        if (record.value() == null) found.remove(key);
        else if (book.isNameless(key.record(), record.offset())) found.add(key);
    }
}
