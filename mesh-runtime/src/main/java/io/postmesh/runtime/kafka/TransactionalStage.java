package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads, works, writes and commits as one: nothing is lost or skipped, and with transactions nothing is written twice.
///
/// One platform thread polls and commits; a crew handles the records of a batch side by side.
public final class TransactionalStage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionalStage.class);

    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final String name;
    private final StageLoop loop;
    private final Crew crew;
    private final StageMeters meters;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable String failing;

    private TransactionalStage(String name, StageLoop loop, Crew crew, StageMeters meters) {
        this.name = name;
        this.loop = loop;
        this.crew = crew;
        this.meters = meters;
        this.thread = Thread.ofPlatform().daemon().name("stage-" + name).unstarted(this::run);
    }

    /// Returns at once; the stage joins its group in the background.
    public static TransactionalStage open(
            KafkaSettings kafka, StageSpec spec, MeterRegistry meters, StageHandler handler) {
        var told = new StageMeters(meters, spec.name(), spec.input().topic());
        var crew = new Crew(spec.name(), spec.workers(), handler);
        var consumer = new KafkaConsumer<byte[], byte[]>(reading(kafka, spec));
        var stage = new TransactionalStage(
                spec.name(), new StageLoop(spec, consumer, writing(kafka, spec), crew, told), crew, told);
        stage.thread.start();
        return stage;
    }

    private static Map<String, Object> reading(KafkaSettings kafka, StageSpec spec) {
        var p = kafka.consumer(spec.name(), spec.name());
        p.put("max.poll.records", spec.batch());
        p.put("fetch.max.bytes", (int) Batch.MOST_BYTES);
        return p;
    }

    private static Commit writing(KafkaSettings kafka, StageSpec spec) {
        var p = kafka.producer(spec.name());
        p.put("linger.ms", 1); // a batch's records come in one go: one request takes them all
        p.put("batch.size", 1 << 20);
        p.put("buffer.memory", 32L << 20);
        p.put("request.timeout.ms", 5_000);
        p.put("delivery.timeout.ms", 8_000); // within the transaction's 10 s
        p.put("max.block.ms", 10_000);
        p.put("retry.backoff.ms", 5); // the last transaction's markers are still being written: not worth 100 ms
        return kafka.transactions()
                ? new TransactionalCommit(p, spec.name() + "-" + kafka.instance())
                : new PlainCommit(p);
    }

    /// Completes once the group has given this stage its first partitions (possibly none); fails when Kafka does not
    /// allow it to work.
    public CompletableFuture<Void> joined() {
        return loop.joined().copy();
    }

    /// What keeps the stage from working, for [io.postmesh.runtime.ops.Health].
    public Optional<String> trouble() {
        return ended().or(() -> Optional.ofNullable(failing)).or(loop::trouble);
    }

    /// What only a restart mends, for [io.postmesh.runtime.ops.Health].
    public Optional<String> ended() {
        return thread.isAlive() || stopping ? Optional.empty() : Optional.of("the stage has ended, see the log");
    }

    /// Ends after the batch in hand. A handler that does not come back is interrupted, and so is, at last, a wait for
    /// a Kafka that does not answer.
    @Override
    public void close() {
        stopping = true;
        loop.stop();
        LockSupport.unpark(thread);
        try {
            if (thread.join(CLOSE)) return;
            crew.interrupt();
            if (!thread.join(CLOSE)) thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int failures = 0; !stopping; ) failures = turn(failures);
        } catch (RuntimeException | Error e) {
            log.error("stage {}: ended", name, e);
        } finally {
            var _ = Thread.interrupted(); // leaving the group in order is worth its two seconds
            crew.close();
            loop.close();
        }
    }

    private int turn(int failures) {
        try {
            loop.turn();
            failing = null;
            return 0;
        } catch (RuntimeException e) {
            if (!stopping && !loop.isTurnedAway(e)) report(e, failures);
            loop.beginAgain(e);
            if (!stopping) LockSupport.parkNanos(pause(failures).toNanos());
            return failures + 1;
        }
    }

    /// One failure is weather: a rebalance, a broker that restarts.
    private void report(RuntimeException e, int failures) {
        meters.aborted.increment();
        if (failures > 0) failing = "beginning again and again: " + e;
        log.warn("stage {}: beginning again from the last commit: {}", name, e.toString());
    }

    private static Duration pause(int failures) {
        return Duration.ofMillis(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 20)));
    }
}
