package io.postmesh.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKafkaTest {
    private static final TopicPartition LETTERS = new TopicPartition("letters", 0);

    @TempDir
    private Path folder;

    @Test
    void aSecondStartFindsRecordsPortAndCommittedTransactions() throws Exception {
        String first;
        try (var kafka = EmbeddedKafka.start(folder)) {
            first = kafka.bootstrap();
            writeInTransaction(first, "one");
        }
        try (var kafka = EmbeddedKafka.start(folder)) {
            assertThat(kafka.bootstrap()).isEqualTo(first);
            assertThat(read(kafka.bootstrap())).containsExactly("one");
        }
    }

    @Test
    void whoComesInFromOutsideIsToldTheOutsideAddress() throws Exception {
        int port = LoopbackPort.choose(0, folder.resolve("outside"));
        var outside = new EmbeddedKafka.Outside("0.0.0.0", port, "localhost:" + port);
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.reachedBy(outside));
                var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            var told = admin.describeCluster().nodes().get().iterator().next();
            assertThat(told.host() + ":" + told.port()).isEqualTo("localhost:" + port);
            assertThat(kafka.bootstrap()).startsWith("127.0.0.1:").doesNotEndWith(":" + port);
        }
    }

    @Test
    void startTakesSecondsAndStopLessThanTwo() throws Exception {
        var kafka = EmbeddedKafka.start(folder);
        long before = System.nanoTime();
        kafka.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(2_500));
    }

    /// The system may name the same free port twice in a row, as nobody holds the first one yet.
    @Test
    void brokerAndControllerNeverChooseTheSamePort() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, LoopbackPort.loopback())) {
            free = socket.getLocalPort();
        }
        Files.writeString(folder.resolve("port"), Integer.toString(free));
        Files.writeString(folder.resolve("controller-port"), Integer.toString(free));
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST)) {
            assertThat(kafka.bootstrap()).isEqualTo("127.0.0.1:" + free);
        }
    }

    @Test
    void aPortTakenMeanwhileMeansAnotherOne() throws Exception {
        EmbeddedKafka.start(folder).close();
        int port = Integer.parseInt(Files.readString(folder.resolve("port")));
        try (var taken = new ServerSocket(port, 1, LoopbackPort.loopback());
                var kafka = EmbeddedKafka.start(folder)) {
            assertThat(kafka.bootstrap()).isNotEqualTo("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aFolderOfAnotherBrokerIsAReasonInOneSentenceNotADefect() throws Exception {
        EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST).close();
        var facts = folder.resolve("log/meta.properties");
        Files.writeString(facts, Files.readString(facts).replace("node.id=1", "node.id=2"));
        assertThatThrownBy(() -> EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The embedded Kafka in " + folder)
                .hasMessageContaining("node id");
    }

    @Test
    void aBrokerThatWantsToExitTellsItsOwnerAndTheProcessLives() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST)) {
            assertThatThrownBy(() -> Exit.halt(1, "disk is gone")).hasMessageContaining("disk is gone");
            // Every broker of a process hears it, and a late thread of another test's may have been first.
            assertThat(kafka.died().get(1, TimeUnit.SECONDS))
                    .contains("; the disk of " + folder)
                    .contains(" MiB free of ");
        }
    }

    @Test
    void threeBrokersAreOneClusterThatGoesOnWithoutOneAndTakesItBack() throws Exception {
        var seats = new ArrayList<Quorum.Seat>();
        for (int node = 1; node <= 3; node++) {
            int port = LoopbackPort.choose(0, folder.resolve("port-" + node));
            seats.add(new Quorum.Seat(port, LoopbackPort.choose(0, folder.resolve("controller-" + node), port)));
        }
        var quorum = new Quorum(seats);
        var starting = IntStream.rangeClosed(1, 3)
                .mapToObj(node -> CompletableFuture.supplyAsync(() -> peer(quorum, node), Thread::startVirtualThread))
                .toList();
        try (var first = starting.get(0).join();
                var second = starting.get(1).join();
                var third = starting.get(2).join()) {
            assertThat(first.bootstrap()).isEqualTo(quorum.bootstrap()).isEqualTo(third.bootstrap());
            writeInTransaction(quorum.bootstrap(), "one"); // asks for three replicas, two in sync, of all topics
            second.close();
            write(quorum.bootstrap(), "two");
            try (var back = peer(quorum, 2)) {
                assertThat(back.bootstrap()).isEqualTo(quorum.bootstrap());
                assertThat(read(quorum.bootstrap())).containsExactly("one", "two");
                assertThat(inSync(quorum.bootstrap())).hasSize(3);
            }
        }
    }

    private EmbeddedKafka peer(Quorum quorum, int node) {
        try {
            return EmbeddedKafka.start(folder.resolve("broker-" + node), quorum, node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String bootstrap, String text) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(LETTERS.topic(), text.getBytes(StandardCharsets.UTF_8)))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    // The replicas that have everything; waits for the one that comes back.
    private static List<Node> inSync(String bootstrap) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> letters(admin).partitions().getFirst().isr(), isr -> isr.size() == 3);
        }
    }

    private static TopicDescription letters(Admin admin) throws Exception {
        var all = admin.describeTopics(List.of(LETTERS.topic())).allTopicNames().get();
        return all.values().iterator().next();
    }

    private static void writeInTransaction(String bootstrap, String text) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(LETTERS.topic(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", "t"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var unused = producer.send(new ProducerRecord<>(LETTERS.topic(), text.getBytes(StandardCharsets.UTF_8)));
            producer.commitTransaction();
        }
    }

    private static List<String> read(String bootstrap) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(LETTERS));
            consumer.seekToBeginning(List.of(LETTERS));
            var texts = new java.util.ArrayList<String>();
            consumer.poll(Duration.ofSeconds(10))
                    .forEach(record -> texts.add(new String(record.value(), StandardCharsets.UTF_8)));
            return texts;
        }
    }
}
