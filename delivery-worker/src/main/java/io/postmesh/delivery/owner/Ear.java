package io.postmesh.delivery.owner;

import io.postmesh.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that reads a topic until it is told to stop. Whatever fails, it starts over: nobody else would hear.
///
/// It sees uncommitted records, as [TopicScan] does.
final class Ear implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Ear.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// What it reads. Called on its thread only.
    interface Hearing {
        /// A consumer that has read nothing yet.
        void begin(KafkaConsumer<byte[], byte[]> consumer);

        /// Reads what there is. Must not wait for long.
        void turn(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException;
    }

    private final String name;
    private final KafkaSettings kafka;
    private final Hearing hearing;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Optional<KafkaConsumer<byte[], byte[]>> reading = Optional.empty();

    /// @param name of the thread and of its consumer
    Ear(String name, KafkaSettings kafka, Hearing hearing) {
        this.name = name;
        this.kafka = kafka;
        this.hearing = hearing;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void open() {
        thread.start();
    }

    /// Whether it still reads, as it should unless it is told to stop.
    boolean isWell() {
        return thread.isAlive() || isStopped();
    }

    boolean isStopped() {
        return stop.getCount() == 0;
    }

    /// Waits so long, if nobody tells it to stop.
    void rest(Duration pause) throws InterruptedException {
        boolean stopped = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (stopped) log.debug("{} stops", name);
    }

    /// Tells it to stop, and does not wait for it.
    void stop() {
        stop.countDown();
        reading.ifPresent(KafkaConsumer::wakeup);
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(PAUSE.multipliedBy(2).toMillis()); // one that was never opened has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isStopped()) {
                listen();
                rest(PAUSE);
            }
        } catch (InterruptedException e) {
            log.debug("{} is interrupted", name);
        }
    }

    private void listen() throws InterruptedException {
        try {
            read();
        } catch (WakeupException stopped) {
            log.debug("{} stops", name);
        } catch (KafkaException e) {
            log.warn("{} starts over: {}", name, e.toString());
        } catch (RuntimeException bug) {
            log.error("{} starts over: {}", name, bug.toString(), bug); // the thread must live
        }
    }

    private void read() throws InterruptedException {
        var properties = kafka.consumer(name, "");
        properties.put("isolation.level", "read_uncommitted");
        var consumer = new KafkaConsumer<byte[], byte[]>(properties);
        reading = Optional.of(consumer);
        try {
            hearing.begin(consumer);
            while (!isStopped()) hearing.turn(consumer);
        } finally {
            reading = Optional.empty();
            consumer.close(CloseOptions.timeout(PAUSE));
        }
    }
}
