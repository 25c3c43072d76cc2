package io.postmesh.delivery.owner;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.ReaderLag;
import io.postmesh.runtime.kafka.Refused;
import io.postmesh.runtime.kafka.Written;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The worker as a member of the delivery group: reads, hands over and commits, on a thread of its own.
///
/// The thread never waits for a remote, nor for Kafka to take a record, except while it hands over. So its commits say
/// that this worker is alive. It does wait for the local disk, where the index of waiting mail lies (L20).
final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1); // LEDGER L11, also when idle
    private static final Duration HAND_OVER = Duration.ofSeconds(5); // L14
    private static final Duration ANSWER = Duration.ofSeconds(3); // of Kafka, while others wait for us
    private static final Duration GRACE = Duration.ofSeconds(1); // most remotes answer a dot within
    private static final int TAKE_OVERS = 4;

    private final Desk desk;
    private final Duration stopWithin;
    private final Tail tail;
    private final ReaderLag lag;
    private final Thread thread;
    private final ExecutorService takeOvers = Executors.newFixedThreadPool(
            TAKE_OVERS, Thread.ofPlatform().daemon().name("take-over-", 0).factory());
    private final Map<Integer, Tenure> tenures = new HashMap<>(); // poll thread only
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private volatile List<PartitionOwner> owned = List.of(); // for other threads
    private volatile boolean stopping;
    private volatile boolean killed;
    private volatile CloseOptions.GroupMembershipOperation membersEnd =
            CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
    private volatile String trouble = "the worker has not joined its group yet";
    private long lastCommit;

    Membership(Desk desk, Duration stopWithin) {
        this.desk = desk;
        this.stopWithin = stopWithin;
        this.tail = Tail.open(desk.kafka(), desk.meters());
        this.lag = desk.meters().lag(Topics.SIGNED.topic(), Owner.GROUP);
        this.thread = Thread.ofPlatform().daemon().name("owner").unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    CompletableFuture<Void> joined() {
        return joined;
    }

    List<PartitionOwner> owned() {
        return owned;
    }

    /// Only a restart mends it; for liveness.
    Optional<String> ended() {
        return thread.isAlive() || stopping
                ? Optional.empty()
                : Optional.of("the owner's thread has ended, see the log");
    }

    Optional<String> trouble() {
        if (ended().isPresent()) return ended();
        if (!tail.isWell()) return Optional.of("the ledger's tail has died");
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /// Hands over, leaves the group, and then waits a while for the results of attempts past their dot (L14).
    void end() {
        stopping = true;
        join(stopWithin.plus(HAND_OVER).plus(ANSWER.multipliedBy(3)));
    }

    /// Ends as a kill would: nothing more is committed.
    void kill(CloseOptions.GroupMembershipOperation atTheEnd) {
        membersEnd = atTheEnd;
        killed = true;
        stopping = true;
        owned.forEach(PartitionOwner::gone);
        join(ANSWER);
    }

    private void join(Duration patience) {
        try {
            thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var properties = desk.kafka().consumer("delivery", Owner.GROUP);
        properties.put("max.poll.records", 200); // what is polled must find room, however full the shelf is
        properties.put("fetch.max.bytes", 8 << 20);
        var last = List.<PartitionOwner>of();
        var consumer = new KafkaConsumer<byte[], byte[]>(properties);
        try {
            consumer.subscribe(List.of(Topics.SIGNED.topic()), new Rebalance(consumer));
            while (!stopping) turn(consumer);
            if (!killed) last = leave(consumer, List.copyOf(tenures.keySet()), stopWithin);
        } catch (RuntimeException | Error e) {
            if (!killed) log.error("the owner stops: {}", e.toString(), e);
        } finally {
            takeOvers.shutdownNow();
            tail.stop();
            consumer.close(CloseOptions.timeout(ANSWER).withGroupMembershipOperation(membersEnd));
            tail.close();
        }
        long deadline = System.nanoTime() + stopWithin.toNanos();
        for (var owner : last) owner.crew().await(deadline); // others own the partitions by now
    }

    private void turn(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            tenures.forEach((partition, tenure) -> steer(consumer, partition, tenure));
            for (var record : consumer.poll(POLL)) {
                lag.read(record);
                var tenure = tenures.get(record.partition());
                if (tenure != null) tenure.owner().ifPresent(owner -> owner.arrived(record));
            }
            commitInTime(consumer);
            lag.look(consumer);
            look();
        } catch (KafkaException e) {
            if (killed || isTurnedAway(e)) return;
            trouble = "Kafka: " + e.getMessage();
            log.warn("the owner tries again: {}", e.toString());
            pause();
        }
    }

    // Who may not even begin says so to who waits; rights that are taken away later may come back.
    private boolean isTurnedAway(KafkaException problem) {
        var why = Refused.in(problem);
        if (why.isEmpty() || !joined.completeExceptionally(new IOException("delivery: Kafka says: " + why.get())))
            return false;
        trouble = "Kafka: " + why.get();
        pause();
        return true;
    }

    // A partition is read when it is taken over and while its memory allows.
    private void steer(KafkaConsumer<byte[], byte[]> consumer, int partition, Tenure tenure) {
        var where = Set.of(where(partition));
        if (tenure.isNew()) {
            var committed =
                    Optional.ofNullable(consumer.committed(where, ANSWER).get(where(partition)));
            tenure.begin(committed, Math.max(0, consumer.groupMetadata().generationId()), takeOvers);
        }
        if (tenure.isReady()) tenure.owner().ifPresent(owner -> owner.follow(tail));
        if (tenure.owner().isEmpty()) return;
        var shelf = tenure.owner().get().shelf();
        boolean paused = consumer.paused().contains(where(partition));
        if (paused && shelf.hasRoom()) consumer.resume(where);
        if (!paused && shelf.isFull()) consumer.pause(where);
    }

    private void look() {
        owned = tenures.values().stream()
                .flatMap(tenure -> tenure.owner().stream())
                .toList();
        if (!joined.isDone()) return;
        trouble = owned.size() == tenures.size() ? "" : "a partition is being taken over";
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitInTime(KafkaConsumer<byte[], byte[]> consumer) {
        long now = System.nanoTime();
        boolean soon = tenures.values().stream().anyMatch(Tenure::hasNews);
        if (!soon && now - lastCommit < COMMIT_EVERY.toNanos()) return;
        lastCommit = now;
        var offsets = offsets(consumer, tenures.keySet());
        if (offsets.isEmpty() || killed) return;
        var sent = desk.lease().now();
        consumer.commitAsync(offsets, (_, problem) -> {
            if (problem == null) desk.lease().confirmed(sent);
            else log.debug("a commit failed, the next one follows: {}", problem.toString());
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(
            KafkaConsumer<byte[], byte[]> consumer, Collection<Integer> partitions) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (int partition : partitions) {
            var tenure = tenures.get(partition);
            if (tenure == null) continue;
            tenure.owner().ifPresent(owner -> owner.passed(consumer.position(where(partition), ANSWER)));
            tenure.commit()
                    .ifPresent(commit -> offsets.put(
                            where(partition),
                            new OffsetAndMetadata(
                                    commit.offset(), commit.bookmark().text())));
        }
        return offsets;
    }

    /// L14: no new attempts; those before their dot are ended; those past it get a note, acknowledged before this
    /// returns; and from then on only results are written (L15).
    ///
    /// @param patience how long a result of an attempt past its dot may still come
    private List<PartitionOwner> leave(
            KafkaConsumer<byte[], byte[]> consumer, Collection<Integer> partitions, Duration patience) {
        var leaving = partitions.stream()
                .flatMap(partition -> Optional.ofNullable(tenures.get(partition)).stream())
                .flatMap(tenure -> tenure.owner().stream())
                .toList();
        leaving.forEach(PartitionOwner::leave);
        long now = System.nanoTime();
        for (var owner : leaving) owner.crew().await(now + GRACE.toNanos(), now + HAND_OVER.toNanos());
        if (killed) return leaving;
        var deadline = desk.clock().instant().plus(patience);
        var notes = leaving.stream()
                .flatMap(owner -> owner.handOver(deadline).stream())
                .map(Ledger.Pending::written)
                .toList();
        if (!await(notes)) log.warn("{} attempts past their dot are handed over unseen, Kafka is slow", notes.size());
        leaving.forEach(owner -> owner.crew().gone());
        try {
            consumer.commitSync(offsets(consumer, partitions), ANSWER);
        } catch (KafkaException e) {
            log.warn("the last commit failed, so the next owner reads a second more: {}", e.toString());
        }
        drop(partitions);
        return leaving;
    }

    private static boolean await(List<CompletableFuture<Written>> notes) {
        try {
            CompletableFuture.allOf(notes.toArray(CompletableFuture[]::new))
                    .get(HAND_OVER.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void drop(Collection<Integer> partitions) {
        for (int partition : partitions) {
            var tenure = tenures.remove(partition);
            tail.leave(partition);
            if (tenure != null) tenure.over();
        }
        look();
    }

    /// Called inside `poll`, on the poll thread.
    private final class Rebalance implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        private Rebalance(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions); // until they are taken over
            for (var partition : partitions) {
                tenures.put(partition.partition(), new Tenure(partition.partition(), desk));
            }
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!killed) leave(consumer, numbers(partitions), desk.dot());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(numbers(partitions));
        }
    }

    private static TopicPartition where(int partition) {
        return new TopicPartition(Topics.SIGNED.topic(), partition);
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).toList();
    }
}
