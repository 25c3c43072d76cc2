package io.postmesh.delivery.owner;

import io.postmesh.contract.RecordId;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.waiting.IndexFailed;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.Mark;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a waiting room whole while its owner works: reads `mail.waiting` into an index beside it (LEDGER L17). Again
/// after an index was lost (L20).
final class Gathering {
    private static final Logger log = LoggerFactory.getLogger(Gathering.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// What was found on the way.
    ///
    /// @param overruled a former owner wrote of them after its time (L16)
    /// @param settled   somebody in them is final, and the state does not say so
    record Found(Set<RecordId> overruled, Set<RecordId> settled) {}

    private final int partition;
    private final Desk desk;
    private final Book book;
    private final Crew crew;
    private final AtomicReference<Optional<Indexes.Found>> base;
    private final Consumer<Found> done;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile long notBefore = System.nanoTime();

    /// @param base to go on from the first time; empty: from nothing
    Gathering(int partition, Desk desk, Book book, Crew crew, Optional<Indexes.Found> base, Consumer<Found> done) {
        this.partition = partition;
        this.desk = desk;
        this.book = book;
        this.crew = crew;
        this.base = new AtomicReference<>(base);
        this.done = done;
    }

    void tick() {
        if (book.isWhole() || System.nanoTime() - notBefore < 0 || !running.compareAndSet(false, true)) return;
        try {
            desk.gatherers().execute(this::run);
        } catch (RejectedExecutionException stop) {
            log.debug("partition {}: the worker stops", partition);
        }
    }

    /// Whoever gathers no more gives back what it would have gone on from.
    void end() {
        base.getAndSet(Optional.empty()).ifPresent(unused -> desk.indexes().close(unused.index()));
    }

    private void run() {
        try (var scan = new TopicScan(desk.kafka(), partition, () -> !crew.owns())) {
            gather(scan);
        } catch (KafkaException e) {
            log.warn("partition {}: who waits is not known yet: {}", partition, e.toString());
        } catch (TopicScan.Stopped stop) {
            log.debug("partition {}: {}", partition, stop.getMessage());
        } catch (RuntimeException bug) {
            log.error("partition {}: who waits is not known yet: {}", partition, bug.toString(), bug);
        } finally {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            running.set(false);
        }
    }

    private void gather(TopicScan scan) {
        var from =
                base.getAndSet(Optional.empty()).orElseGet(() -> desk.indexes().empty(partition));
        boolean used = false;
        try {
            long begun = System.nanoTime();
            var states =
                    new StateReader(from.index(), from.mark().map(Mark::epoch).orElse(0));
            scan.read(Topics.WAITING, partition, from.mark().map(Mark::position).orElse(0L), states::take);
            states.flush();
            var settled = from.index().recordsOf(book::isFinal);
            used = book.complete(from.index());
            if (!used) return;
            tell(from, begun);
            done.accept(new Found(states.overruled(), settled));
        } catch (IndexFailed e) {
            log.error("partition {}: the index of waiting mail failed: {}", partition, e.getMessage());
            desk.lost(from.index());
            used = true;
        } finally {
            if (!used) desk.indexes().close(from.index());
        }
    }

    private void tell(Indexes.Found from, long begun) {
        desk.meters().unreadable(from.index().unreadable().size());
        log.info(
                "partition {}: everybody who waits is known: waiting={} from={} ms={}",
                partition,
                from.index().size(),
                from.mark().map(mark -> "a mark at " + mark.position()).orElse("the beginning"),
                (System.nanoTime() - begun) / 1_000_000);
    }
}
