package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The number of partitions rises while mail flows (LEDGER L5), however often whoever raises it is stopped.
class GrowthTest {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Set<String> SPREAD = Set.of("gmail.com");
    private static final int STEPS = 8; // six topics, the readers, the placement

    @TempDir
    private Path folder;

    private EmbeddedKafka broker;
    private KafkaSettings kafka;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
        kafka = new KafkaSettings(broker.bootstrap(), Map.of(), 1, true, true, "i", 2, 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void beforeAnythingWasAcceptedThereIsNothingToRaise() throws Exception {
        assertThatThrownBy(() -> Growth.open(kafka, PATIENT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is it a Postmesh's?");
        MeshTopics.follow(kafka).close();
        try (var growth = Growth.open(kafka, PATIENT)) {
            assertThat(growth.state().placed()).isZero();
            assertThatThrownBy(() -> growth.raise(4, _ -> {}))
                    .isInstanceOf(GrowthRefused.class)
                    .hasMessageContaining("POSTMESH_OWNER_PARTITIONS");
        }
    }

    @Test
    void theOwnersTopicsGrowInTheirOrderAndNewMailIsPlacedLast() throws Exception {
        try (var door = MeshTopics.open(kafka, SPREAD);
                var growth = Growth.open(kafka, PATIENT)) {
            var before = door.placement();
            var told = new ArrayList<String>();
            growth.raise(6, line -> {
                told.add(line);
                if (told.size() < STEPS) assertThat(door.placement()).isEqualTo(before);
            });
            assertThat(told)
                    .hasSize(STEPS)
                    .startsWith(
                            "mail.outcomes: 2 -> 6 partitions",
                            "mail.waiting: 2 -> 6 partitions",
                            "mail.waiting.bodies: 2 -> 6 partitions",
                            "mail.signed: 2 -> 6 partitions",
                            "mail.cleared: 2 -> 6 partitions",
                            "mail.accepted: 2 -> 6 partitions")
                    .endsWith("new mail is placed on 6 partitions");
            assertThat(growth.state().isWhole()).isTrue();
            await().untilAsserted(() ->
                    assertThat(door.placement()).isEqualTo(new Placement(before.version() + 1, 6, SPREAD)));
            assertThat(door.placement(before.version())).isEqualTo(before);
            growth.raise(6, told::add); // nothing is left to do
            assertThat(told).hasSize(STEPS);
        }
        MeshTopics.open(kafka, SPREAD).close(); // POSTMESH_OWNER_PARTITIONS is 2 still, and changes nothing
        try (var growth = Growth.open(kafka, PATIENT)) {
            assertThat(growth.state().placed()).isEqualTo(6);
        }
    }

    @Test
    void theNumberNeverFalls() throws Exception {
        try (var door = MeshTopics.open(kafka, SPREAD);
                var growth = Growth.open(kafka, PATIENT)) {
            assertThatThrownBy(() -> growth.raise(1, _ -> {}))
                    .isInstanceOf(GrowthRefused.class)
                    .hasMessageContaining("mail is placed on 2 partitions, and the number never falls");
            assertThatThrownBy(() -> growth.raise(Growth.MOST + 1, _ -> {})).isInstanceOf(GrowthRefused.class);
            assertThat(catchThrowable(() -> growth.raise(6, stoppedAfter(1)))).isInstanceOf(Stopped.class);
            assertThatThrownBy(() -> growth.raise(4, _ -> {}))
                    .isInstanceOf(GrowthRefused.class)
                    .hasMessageContaining("a raise to 6 was begun");
            assertThat(door.placement().partitions()).isEqualTo(2);
        }
    }

    @Test
    void stoppedAfterAnyStepTheMeshStartsAndTheSameCommandFinishes() throws Exception {
        MeshTopics.open(kafka, SPREAD).close();
        for (int step = 1; step <= STEPS; step++) {
            int goal = 2 + step;
            try (var growth = Growth.open(kafka, PATIENT)) {
                var stop = stoppedAfter(step);
                assertThat(catchThrowable(() -> growth.raise(goal, stop))).isInstanceOf(Stopped.class);
                assertThat(growth.state().begun()).isEqualTo(goal);
                assertThat(growth.state().placed()).isEqualTo(step < STEPS ? goal - 1 : goal);
                assertThat(growth.state().isWhole()).isEqualTo(step == STEPS);
            }
            MeshTopics.open(kafka, SPREAD).close();
            try (var again = Growth.open(kafka, PATIENT)) {
                again.raise(goal, _ -> {});
                assertThat(again.state().isWhole()).isTrue();
                assertThat(again.state().placed()).isEqualTo(goal);
            }
        }
    }

    @Test
    void mailIsPlacedOnceWhoeverRunsReadsTheNewPartitions() throws Exception {
        var read = new ConcurrentLinkedQueue<Integer>();
        var spec = StageSpec.of(Reader.SIGNER.group(), Topics.CLEARED, new StageSpec.Workers.Waiting(4));
        try (var _ = MeshTopics.open(kafka, SPREAD);
                var stage = TransactionalStage.open(kafka, spec, new SimpleMeterRegistry(), in -> {
                    read.add(in.partition());
                    return List.of();
                });
                var growth = Growth.open(kafka, PATIENT)) {
            stage.joined().join();
            var told = new ArrayList<String>();
            growth.raise(4, told::add);
            assertThat(told).filteredOn(line -> line.startsWith("whoever runs")).hasSize(1);
            write(3, "x");
            await().until(() -> read.contains(3));
        }
    }

    @Test
    void aReaderThatLooksRoundTooLateKeepsMailWaitingAndNobodyElse() throws Exception {
        var impatient = Duration.ofMillis(500);
        try (var door = MeshTopics.open(kafka, SPREAD);
                var growth = Growth.open(kafka, impatient);
                var _ = new Sleepyhead()) {
            var told = new ArrayList<String>();
            growth.raise(4, told::add);
            assertThat(told).anyMatch(line -> line.startsWith("not all are read yet") && line.contains("signer"));
            await().until(() -> door.placement().partitions() == 4);
        }
    }

    @Test
    void whoPublishesAtTheSameTimeDoesNotTakeTheNumberBack() throws Exception {
        try (var door = MeshTopics.open(kafka, SPREAD);
                var growth = Growth.open(kafka, PATIENT)) {
            growth.raise(4, _ -> {});
            await().until(() -> door.placement().partitions() == 4);
            var raised = door.placement();
            // A door that had not seen the raise published its own list under the same version, and died.
            publish(new Placement(raised.version(), 2, Set.of("gmx.de")));
            await().until(() -> door.placement().partitions() == 2);
            try (var next = MeshTopics.open(kafka, Set.of("gmx.de"))) {
                assertThat(next.placement()).isEqualTo(new Placement(raised.version() + 1, 4, Set.of("gmx.de")));
            }
        }
    }

    private static Consumer<String> stoppedAfter(int steps) {
        var seen = new ArrayList<String>();
        return line -> {
            seen.add(line);
            if (seen.size() == steps) throw new Stopped();
        };
    }

    private void write(int partition, String value) throws Exception {
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producer("test"))) {
            producer.send(new ProducerRecord<>(Topics.CLEARED.topic(), partition, null, RealKafka.bytes(value)))
                    .get();
        }
    }

    private void publish(Placement placement) throws Exception {
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producer("test"))) {
            var key = RealKafka.bytes("placement/" + placement.version());
            var value = RealKafka.bytes(Placements.text(placement));
            producer.send(new ProducerRecord<>(Topics.CONFIG.topic(), 0, key, value))
                    .get();
        }
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// A signer that asks for its topic's partitions every five minutes.
    private final class Sleepyhead implements AutoCloseable {
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final Thread thread = Thread.ofPlatform().unstarted(this::run);
        private volatile boolean joined;

        private Sleepyhead() {
            thread.start();
            await().until(() -> joined);
        }

        private void run() {
            var properties = kafka.consumer("sleepyhead", Reader.SIGNER.group());
            properties.put("metadata.max.age.ms", 300_000);
            try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
                consumer.subscribe(List.of(Topics.CLEARED.topic()));
                while (!stopping.get()) {
                    consumer.poll(Duration.ofMillis(100));
                    joined = !consumer.assignment().isEmpty();
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopping.set(true);
            thread.join();
        }
    }
}
