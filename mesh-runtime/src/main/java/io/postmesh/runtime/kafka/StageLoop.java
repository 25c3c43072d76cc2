package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stage's turn: gather a batch, have it worked on, commit it.
///
/// The group takes partitions away only inside `poll`, and no poll lies between a transaction's begin and its end. So
/// records of lost partitions are dropped before they leave a trace, and nothing is committed for somebody else.
final class StageLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StageLoop.class);

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofSeconds(60);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /// Polls while a batch grows: a fetch for each record would cost more than the record.
    private static final int SIPS = 6;

    /// What one commit writes: within a transaction's 10 s on a slow disk, though a few octets in may be many out.
    private static final long MOST_OUTPUT = 32L << 20;

    /// A batch of this size says there is load; gathering then pays.
    private static final int BUSY = 8;

    private final StageSpec spec;
    private final Consumer<byte[], byte[]> consumer;
    private final Commit commit;
    private final Crew crew;
    private final StageMeters meters;
    private final Pulse pulse;
    private final Trials trials = new Trials();
    private final Setbacks setbacks;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private Batch growing = new Batch();
    private Batch finishing = new Batch();
    private boolean busy;
    private boolean lost;
    private volatile boolean stopping;
    private volatile long settlingSince;
    private volatile long placelessSince;

    StageLoop(StageSpec spec, Consumer<byte[], byte[]> consumer, Commit commit, Crew crew, StageMeters meters) {
        this.spec = spec;
        this.consumer = consumer;
        this.commit = commit;
        this.crew = crew;
        this.meters = meters;
        this.pulse = new Pulse(consumer);
        this.setbacks = new Setbacks(spec.name(), trials, commit, meters);
    }

    CompletableFuture<Void> joined() {
        return joined;
    }

    /// Who may not even begin says so to who waits; rights that are taken away later may come back.
    boolean isTurnedAway(RuntimeException problem) {
        var why = Refused.in(problem);
        return why.isPresent()
                && joined.completeExceptionally(new IOException(spec.name() + ": Kafka says: " + why.get(), problem));
    }

    Optional<String> trouble() {
        if (!joined.isDone() || joined.isCompletedExceptionally()) return Optional.of("not yet a member of its group");
        return slowBatch().or(this::placeless).or(pulse::trouble);
    }

    private Optional<String> slowBatch() {
        long since = settlingSince;
        if (since == 0 || System.nanoTime() - since < SLOW.toNanos()) return Optional.empty();
        return Optional.of("a batch has been in work for " + (System.nanoTime() - since) / 1_000_000_000 + " s");
    }

    // A hanging transaction keeps a group's offsets from being read (docs/decisions/0005).
    private Optional<String> placeless() {
        long since = placelessSince;
        if (since == 0 || System.nanoTime() - since < SLOW.toNanos()) return Optional.empty();
        return Optional.of("does not learn where it stood in a partition; kafka-transactions.sh find-hanging tells");
    }

    void turn() {
        commit.open();
        if (consumer.subscription().isEmpty())
            consumer.subscribe(List.of(spec.input().topic()), new Rebalances());
        if (lost) findPlace();
        resumeRested();
        gather();
        if (!growing.isEmpty()) settle();
        lookWhere();
        pulse.look();
    }

    /// After any failure memory and Kafka may differ; Kafka is right.
    void beginAgain(RuntimeException problem) {
        growing.dropAll();
        finishing.dropAll();
        settlingSince = 0;
        lost = true;
        quietly(() -> commit.afterFailure(problem));
    }

    /// What breaks while something broken is put away changes nothing: the next turn opens a new one.
    private void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.debug("stage {}: {}", spec.name(), e.toString());
        }
    }

    private void findPlace() {
        var partitions = consumer.assignment();
        consumer.committed(partitions, ASK).forEach((partition, offset) -> {
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        });
        lost = false;
    }

    private void resumeRested() {
        var rested = trials.rested(System.nanoTime());
        rested.retainAll(consumer.assignment());
        consumer.resume(rested);
    }

    /// Idle: what one poll brings is committed at once. Under load a batch grows, for one commit costs as much for
    /// many records as for one.
    private void gather() {
        long since = System.nanoTime();
        poll(growing.isEmpty() ? trials.nextRest(since, IDLE) : Duration.ZERO);
        while (mayGrow() && System.nanoTime() - since < spec.gather().toNanos()) {
            LockSupport.parkNanos(spec.gather().toNanos() / SIPS);
            poll(Duration.ZERO);
        }
        busy = growing.size() >= BUSY;
    }

    private boolean mayGrow() {
        return !stopping
                && !growing.isEmpty()
                && (busy || growing.size() >= BUSY)
                && growing.size() < spec.batch()
                && growing.bytes() < Batch.MOST_BYTES;
    }

    private void poll(Duration wait) {
        try {
            for (var record : consumer.poll(wait)) {
                var work = new Work(spec.input(), record);
                growing.add(work);
                meters.lag.read(record);
                crew.start(work);
            }
        } catch (WakeupException e) {
            if (!stopping) throw e;
        }
    }

    private void settle() {
        settlingSince = System.nanoTime();
        finishing = growing;
        growing = new Batch();
        setFailedAside();
        growing = finishing.cutOff(MOST_OUTPUT);
        if (busy && !stopping) poll(Duration.ZERO); // the crew gets on with the next ones while this batch is committed
        if (!finishing.isEmpty()) commit();
        finishing = new Batch();
        settlingSince = 0;
    }

    private void setFailedAside() {
        setbacks.setAside(finishing).forEach((partition, offset) -> {
            consumer.pause(List.of(partition));
            consumer.seek(partition, offset);
        });
    }

    private void commit() {
        var offsets = finishing.offsets();
        long since = System.nanoTime();
        commit.commit(outputs(), offsets, consumer);
        meters.committed(finishing.size(), Duration.ofNanos(System.nanoTime() - since));
        offsets.forEach((partition, next) -> trials.committed(partition, next.offset()));
        finishing.works().forEach(this::tell);
    }

    private List<OutRecord> outputs() {
        var outputs = new ArrayList<OutRecord>();
        for (var work : finishing.works()) {
            switch (work.await()) {
                case Work.Result.Done(var made) -> outputs.addAll(made);
                case Work.Result.Bad(var reason) -> outputs.add(Quarantine.of(work.input(), spec.name(), reason));
                case Work.Result.Failed failed -> throw new IllegalStateException("set aside before", failed.cause());
            }
        }
        return outputs;
    }

    private void tell(Work work) {
        if (work.await() instanceof Work.Result.Bad(var reason)) {
            meters.quarantined.increment();
            log.warn("stage {}: {}@{} quarantined: {}", spec.name(), work.from, work.record.offset(), reason);
        } else {
            trials.succeeded();
            meters.done.increment();
        }
    }

    private void lookWhere() {
        if (meters.lag.look(consumer)) placelessSince = 0;
        else if (placelessSince == 0) placelessSince = System.nanoTime();
    }

    /// The only method that other threads may call, beside the questions.
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        growing.dropAll();
        quietly(() -> consumer.close(CloseOptions.timeout(CLOSE)));
        quietly(commit::close);
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.debug("stage {}: given {}", spec.name(), partitions);
            joined.complete(null);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log.debug("stage {}: gives up {}", spec.name(), partitions);
            growing.drop(partitions);
            finishing.drop(partitions);
            trials.forget(partitions);
        }
    }
}
