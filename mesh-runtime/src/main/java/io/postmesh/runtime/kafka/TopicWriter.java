package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes records from any thread without ever blocking it.
///
/// Kafka's own `send` blocks while it has no metadata or no memory, so only this writer's gateway thread calls it. A
/// record is given up by the age it has here, whatever the producer is doing: nobody waits longer than the profile
/// says.
public final class TopicWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicWriter.class);

    /// How long the gateway may be held by one record before it looks up again.
    private static final Duration LOOK_UP = Duration.ofMillis(200);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(3);
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final String name;
    private final WriterProfile profile;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final WriterMeters meters;
    private final LinkedBlockingQueue<PendingWrite> handOver = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<PendingWrite> byAge = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final Thread gateway;
    private Producer<byte[], byte[]> producer;
    private volatile boolean stopping;
    private volatile long stopBy;
    private volatile boolean ended;

    private TopicWriter(
            String name, WriterProfile profile, MeterRegistry meters, Supplier<Producer<byte[], byte[]>> producers) {
        this.name = name;
        this.profile = profile;
        this.producers = producers;
        this.producer = producers.get();
        this.meters = new WriterMeters(meters, name, bytesInFlight);
        this.gateway = Thread.ofPlatform().daemon().name("writer-" + name).unstarted(this::run);
    }

    public static TopicWriter open(KafkaSettings kafka, String clientId, WriterProfile profile, MeterRegistry meters) {
        var properties = profile.properties(kafka.producer(clientId), LOOK_UP, kafka.singleNode());
        var writer = new TopicWriter(clientId, profile, meters, () -> new KafkaProducer<>(properties));
        writer.gateway.start();
        return writer;
    }

    /// Fails with [NotWritten]. Completes on a Kafka thread: continue elsewhere.
    public CompletableFuture<Written> send(OutRecord record) {
        var write = new PendingWrite(record);
        if (stopping || !gateway.isAlive()) return refuse(NotWritten.Why.CLOSED, "the writer " + name + " has stopped");
        if (write.size > most(record.topic())) {
            return refuse(NotWritten.Why.REFUSED, write.size + " octets are too many for one record");
        }
        if (bytesInFlight.addAndGet(write.size) > profile.bufferBytes()) {
            bytesInFlight.addAndGet(-write.size);
            return refuse(NotWritten.Why.FULL, "the writer " + name + " has no memory left");
        }
        byAge.add(write);
        handOver.add(write);
        if (ended) fail(write, NotWritten.Why.UNSURE, "the writer stopped first", null); // else nobody would
        return write.future;
    }

    /// Quarantine takes whatever a topic let in.
    private static int most(Topics topic) {
        return topic == Topics.QUARANTINE ? KafkaSettings.MAX_MESSAGE : KafkaSettings.MAX_RECORD;
    }

    public long bytesInFlight() {
        return bytesInFlight.get();
    }

    /// How long the oldest unacknowledged record has been waiting; zero when there is none.
    public Duration oldestInFlight() {
        var oldest = oldest();
        return oldest == null ? Duration.ZERO : oldest.age();
    }

    /// For [io.postmesh.runtime.ops.Health].
    public Optional<String> trouble() {
        if (!gateway.isAlive() && !stopping) return Optional.of("the writer has ended, see the log");
        var waiting = oldestInFlight();
        if (waiting.compareTo(SILENCE) < 0) return Optional.empty();
        return Optional.of("Kafka has not acknowledged a record for " + waiting.toSeconds() + " s");
    }

    /// Gives what is in flight a few seconds to be acknowledged.
    @Override
    public void close() {
        if (stopping) return;
        stopBy = System.nanoTime() + STOP.toNanos();
        stopping = true;
        handOver.add(PendingWrite.LAST);
        try {
            gateway.join(STOP.plus(LOOK_UP.multipliedBy(2)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (var write = next(); write != PendingWrite.LAST; write = next()) {
                if (write != null) write(write);
                giveUpTheOld();
            }
        } catch (RuntimeException | Error e) {
            log.error("writer {}: ended", name, e);
        } finally {
            end();
        }
    }

    private void end() {
        ended = true;
        close(stopping ? Duration.ofNanos(Math.max(0, stopBy - System.nanoTime())) : Duration.ZERO);
        byAge.forEach(write -> fail(write, NotWritten.Why.UNSURE, "the writer stopped first", null));
    }

    private @Nullable PendingWrite next() {
        try {
            if (byAge.isEmpty()) return handOver.take();
            return handOver.poll(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return PendingWrite.LAST;
        }
    }

    /// Stays with a record until the producer took it, so records go out in the order they came.
    private void write(PendingWrite write) {
        while (!write.isSettled()) {
            if (isOver()) fail(write, NotWritten.Why.CLOSED, "the writer stopped", null);
            write.refusedAtOnce = false;
            if (!write.isSettled()) offer(write);
            if (!write.refusedAtOnce) return;
            giveUpTheOld();
        }
    }

    private boolean isOver() {
        return stopping && System.nanoTime() - stopBy > 0;
    }

    private void offer(PendingWrite write) {
        try {
            producer.send(write.record().toKafka(), (at, problem) -> answered(write, at, problem));
        } catch (KafkaException | IllegalStateException e) {
            // Thrown, not handed to the callback: this producer is broken for good.
            log.warn("writer {}: starting over with a new producer: {}", name, e.toString());
            write.refusedAtOnce = true;
            startOver();
        }
    }

    /// A producer that breaks while it is closed must not end the gateway, nor leave anybody waiting.
    private void close(Duration patience) {
        try {
            producer.close(patience);
        } catch (KafkaException e) {
            log.debug("writer {}: {}", name, e.toString());
        }
    }

    private void startOver() {
        close(Duration.ZERO);
        for (var next = pauseAndOpen(); ; next = pauseAndOpen()) {
            giveUpTheOld();
            if (next.isPresent()) producer = next.get();
            if (next.isPresent() || isOver()) return;
        }
    }

    private Optional<Producer<byte[], byte[]>> pauseAndOpen() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return Optional.of(producers.get());
        } catch (KafkaException e) {
            log.warn("writer {}: no new producer yet: {}", name, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private void answered(PendingWrite write, RecordMetadata at, @Nullable Exception problem) {
        if (problem == null) {
            succeed(write, at);
        } else if (problem instanceof TimeoutException && Thread.currentThread() == gateway) {
            write.refusedAtOnce = true; // no metadata or no memory: the record never left
        } else if (isRefusal(problem)) {
            fail(write, NotWritten.Why.REFUSED, "Kafka refuses the record", problem);
        } else if (profile.giveUp() == null && !stopping) {
            log.warn("writer {}: trying again: {}", name, problem.toString());
            CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> handOver.add(write));
        } else {
            fail(write, NotWritten.Why.UNSURE, "Kafka did not acknowledge the record", problem);
        }
    }

    /// A lack of rights can be mended while a ledger waits; a record's size cannot.
    private boolean isRefusal(Exception problem) {
        return problem instanceof RecordTooLargeException
                || problem instanceof InvalidTopicException
                || profile.giveUp() != null && problem instanceof AuthorizationException;
    }

    private void giveUpTheOld() {
        var limit = profile.giveUp();
        if (limit == null) return;
        for (var write = oldest(); write != null && write.age().compareTo(limit) > 0; write = oldest()) {
            fail(write, NotWritten.Why.UNSURE, "no acknowledgement in " + limit.toSeconds() + " s", null);
        }
    }

    private @Nullable PendingWrite oldest() {
        var head = byAge.peek();
        while (head != null && head.isSettled()) {
            byAge.remove(head);
            head = byAge.peek();
        }
        return head;
    }

    private void succeed(PendingWrite write, RecordMetadata at) {
        var topic = write.record().topic();
        if (!write.settle()) return;
        bytesInFlight.addAndGet(-write.size);
        meters.acknowledged(write.age());
        write.future.complete(new Written(topic, at.partition(), at.offset()));
    }

    private void fail(PendingWrite write, NotWritten.Why why, String what, @Nullable Exception cause) {
        if (!write.settle()) return;
        bytesInFlight.addAndGet(-write.size);
        meters.failed(why);
        write.future.completeExceptionally(
                cause == null ? new NotWritten(why, what) : new NotWritten(why, what + ": " + cause, cause));
    }

    private CompletableFuture<Written> refuse(NotWritten.Why why, String what) {
        meters.failed(why);
        return CompletableFuture.failedFuture(new NotWritten(why, what));
    }
}
