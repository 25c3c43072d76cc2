package io.postmesh.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaHandTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsPutIsFoundAndWhoIsBehindIsKnown() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                var hand = new KafkaHand(kafka.bootstrap())) {
            admin.createTopics(List.of(new NewTopic("letters", 2, (short) 1)))
                    .all()
                    .get();
            assertThat(hand.answer("first letters")).isEqualTo("none");
            assertThat(hand.answer("put letters 1 null")).isEqualTo("0");
            assertThat(hand.answer("put letters 1 " + base64("dear ann"))).isEqualTo("1");
            assertThat(hand.answer("holding letters " + base64("ann"))).isEqualTo("1");
            assertThat(hand.answer("holding letters " + base64("bob"))).isEqualTo("0");
            assertThat(hand.answer("holding letters " + base64("ann") + " " + base64("bob") + " " + base64("dear")))
                    .isEqualTo("2");
            assertThat(hand.answer("first letters")).isEqualTo(base64("dear ann"));
            assertThat(hand.answer("behind readers letters")).isEqualTo("2");
            var done = Map.of(new TopicPartition("letters", 1), new OffsetAndMetadata(1));
            admin.alterConsumerGroupOffsets("readers", done).all().get();
            assertThat(hand.answer("behind readers letters")).isEqualTo("1");
            assertThat(hand.answer("leader letters 0")).isEqualTo("1");
            assertThat(hand.answer("lagging")).isEqualTo("0");
            assertThat(hand.answer("elect 1")).isEqualTo("0"); // it leads them all
        }
    }

    @Test
    void theMarkerOfATransactionIsNoRecordThatSomebodyIsBehindWith() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                var hand = new KafkaHand(kafka.bootstrap());
                var writer = writer(kafka)) {
            admin.createTopics(List.of(new NewTopic("letters", 1, (short) 1)))
                    .all()
                    .get();
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>("letters", "dear ann".getBytes(US_ASCII)));
            writer.commitTransaction();
            assertThat(hand.answer("behind readers letters")).isEqualTo("1");
            var done = Map.of(new TopicPartition("letters", 0), new OffsetAndMetadata(1));
            admin.alterConsumerGroupOffsets("readers", done).all().get();
            assertThat(hand.answer("behind readers letters")).isEqualTo("0");
        }
    }

    private static KafkaProducer<byte[], byte[]> writer(EmbeddedKafka kafka) {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "writer");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    void whatKafkaRefusesIsAnAnswerToo() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                var hand = new KafkaHand(kafka.bootstrap())) {
            admin.createTopics(List.of(new NewTopic("letters", 1, (short) 1)))
                    .all()
                    .get();
            var large = Base64.getEncoder().encodeToString(new byte[9 << 20]);
            assertThat(hand.answer("put letters 0 " + large)).startsWith("refused ");
            assertThat(hand.answer("holding nowhere " + base64("ann"))).startsWith("error ");
            assertThat(hand.answer("sing")).startsWith("error ");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
    }
}
