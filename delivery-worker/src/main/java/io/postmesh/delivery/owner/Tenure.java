package io.postmesh.delivery.owner;

import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time a partition is in this worker's hands: first it is taken over, then it is owned.
final class Tenure {
    private static final Logger log = LoggerFactory.getLogger(Tenure.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final int partition;
    private final Desk desk;
    private boolean begun; // poll thread only
    private boolean followed; // poll thread only
    private volatile @Nullable PartitionOwner owner;
    private volatile Book.@Nullable Commit inherited;
    private volatile boolean news;
    private volatile boolean over;

    Tenure(int partition, Desk desk) {
        this.partition = partition;
        this.desk = desk;
    }

    boolean isNew() {
        return !begun;
    }

    /// The owner, once everything the former one left is known.
    Optional<PartitionOwner> owner() {
        return Optional.ofNullable(owner);
    }

    /// The first time after the take-over.
    boolean isReady() {
        if (followed || owner == null) return false;
        followed = true;
        return true;
    }

    /// Something to commit that others, or this worker's lease, wait for.
    boolean hasNews() {
        return news;
    }

    /// What to commit; during the take-over what the former owner committed, but as this one's: its epoch is
    /// known before anything is written with it, and the acknowledgement is this worker's lease (LEDGER L13).
    Optional<Book.Commit> commit() {
        news = false;
        var owning = owner;
        return owning == null ? Optional.ofNullable(inherited) : Optional.of(owning.commit());
    }

    /// Starts the take-over on one of these threads.
    void begin(Optional<OffsetAndMetadata> committed, int generation, ExecutorService threads) {
        begun = true;
        try {
            threads.execute(() -> takeOver(committed, generation));
        } catch (RejectedExecutionException stop) {
            log.debug("partition {}: the worker stops", partition);
        }
    }

    void over() {
        over = true;
        owner().ifPresent(PartitionOwner::gone);
    }

    private void takeOver(Optional<OffsetAndMetadata> committed, int generation) {
        while (!over && owner == null) {
            try {
                tryTakeOver(committed, generation);
            } catch (KafkaException e) {
                log.warn("partition {} cannot be taken over yet: {}", partition, e.toString());
                if (!pause()) return;
            } catch (InterruptedException | TopicScan.Stopped | LeaseLost stop) {
                log.debug("partition {}: {}", partition, stop.toString());
                return;
            } catch (RuntimeException bug) {
                log.error("partition {} cannot be taken over: {}", partition, bug.toString(), bug);
                if (!pause()) return;
            }
        }
    }

    private void tryTakeOver(Optional<OffsetAndMetadata> committed, int generation)
            throws InterruptedException, LeaseLost {
        long begun = System.nanoTime();
        var bookmark = committed.flatMap(at -> Bookmark.parse(at.metadata()));
        // Above the former owner's, even if the group was forgotten meanwhile and counts from 1 again.
        int epoch = Math.max(generation, bookmark.map(Bookmark::epoch).orElse(0) + 1);
        try (var scan = new TopicScan(desk.kafka(), partition, () -> over)) {
            long low = committed.map(OffsetAndMetadata::offset).orElseGet(() -> scan.begin(Topics.SIGNED, partition));
            inherited = new Book.Commit(low, bookmark.orElse(Bookmark.NONE).by(epoch));
            news = true;
            var left = new TakeOver(
                            partition, scan, desk.indexes(), desk.topic().rule(), desk)
                    .run(low, bookmark, epoch, desk.log(), this::keepsState);
            owner = own(left, scan, begun);
            news = true;
        }
        if (over) over(); // it ended meanwhile
    }

    private PartitionOwner own(Inheritance left, TopicScan scan, long begun) throws InterruptedException {
        boolean owned = false;
        try {
            desk.control().await(scan.end(Topics.CONTROL, 0), () -> over); // nothing that stands is unknown
            tell(left, begun);
            var owning = new PartitionOwner(partition, left, desk);
            owned = true;
            return owning;
        } finally {
            if (!owned) left.close(desk.indexes()); // else no later tenure could go on from it
        }
    }

    private boolean keepsState() throws InterruptedException {
        return desk.lease().awaitGood(() -> over);
    }

    private void tell(Inheritance left, long begun) {
        desk.meters().doubted(left.doubted());
        desk.meters().unreadable(left.room().unreadable());
        log.info(
                "partition {} taken over: epoch={} waiting={} known={} remembered={} in-doubt={} ms={}",
                partition,
                left.epoch(),
                left.room().size(),
                left.room().isWhole() ? "all" : "lately",
                left.finished().size(),
                left.doubted(),
                (System.nanoTime() - begun) / 1_000_000);
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
