package io.postmesh.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
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
            assertThat(kafka.died()).isCompletedWithValue("disk is gone");
        }
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
