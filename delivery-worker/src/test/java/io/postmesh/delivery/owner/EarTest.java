package io.postmesh.delivery.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EarTest {
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL.topic(), 0);

    @TempDir
    private Path folder;

    private final AtomicInteger begun = new AtomicInteger();
    private Workshop workshop;

    @BeforeEach
    void open() throws Exception {
        workshop = new Workshop(folder);
    }

    @AfterEach
    void close() {
        workshop.close();
    }

    private interface Turn {
        void run(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException;
    }

    private Ear ear(Turn each) {
        var ear = new Ear("ear", workshop.kafka, new Ear.Hearing() {
            @Override
            public void begin(KafkaConsumer<byte[], byte[]> consumer) {
                begun.incrementAndGet();
                consumer.assign(List.of(CONTROL));
            }

            @Override
            public void turn(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
                each.run(consumer);
            }
        });
        ear.open();
        return ear;
    }

    @Test
    void aStopWakesOneThatWaitsForRecords() {
        var reads = new CompletableFuture<Void>();
        var over = new CompletableFuture<Void>();
        var ear = ear(consumer -> {
            reads.complete(null);
            try {
                consumer.poll(Duration.ofHours(1));
            } finally {
                over.complete(null);
            }
        });
        assertThat(reads).succeedsWithin(60, TimeUnit.SECONDS);
        ear.stop();
        assertThat(over).succeedsWithin(60, TimeUnit.SECONDS);
        ear.close();
        assertThat(ear.isWell()).isTrue();
        assertThat(begun).hasValue(1);
    }

    @Test
    void aStopWakesOneThatRests() {
        var rests = new CompletableFuture<Ear>();
        var over = new CompletableFuture<Void>();
        var self = new CompletableFuture<Ear>();
        var ear = ear(_ -> {
            rests.complete(self.join());
            self.join().rest(Duration.ofHours(1));
            over.complete(null);
        });
        self.complete(ear);
        assertThat(rests).succeedsWithin(60, TimeUnit.SECONDS);
        ear.stop();
        assertThat(over).succeedsWithin(60, TimeUnit.SECONDS);
        ear.close();
    }

    @Test
    void whateverFailsItStartsOver() {
        var again = new CompletableFuture<Void>();
        var ear = ear(consumer -> {
            if (begun.get() == 1) throw new IllegalStateException("a defect");
            again.complete(null);
            consumer.poll(Duration.ofMillis(10));
        });
        assertThat(again).succeedsWithin(60, TimeUnit.SECONDS);
        assertThat(begun).hasValue(2);
        assertThat(ear.isWell()).isTrue();
        ear.close();
    }
}
