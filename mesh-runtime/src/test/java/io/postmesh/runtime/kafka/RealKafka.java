package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// One broker for the tests of this package. Topics are shared: each test knows its own records by their key's prefix.
final class RealKafka {
    static final EmbeddedKafka BROKER = start();

    private RealKafka() {}

    static KafkaSettings settings() {
        return KafkaSettings.oneNode(BROKER.bootstrap());
    }

    static KafkaSettings settings(boolean transactions, String instance) {
        return new KafkaSettings(BROKER.bootstrap(), Map.of(), 1, true, transactions, instance, 4, 4);
    }

    static OutRecord record(Topics topic, int partition, String key, String value) {
        return new OutRecord(topic, partition, bytes(key), bytes(value), List.of());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String key(InRecord record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    /// What readers of a topic can see, by key prefix.
    static final class Seen implements AutoCloseable {
        private final Map<String, List<InRecord>> byTest = new ConcurrentHashMap<>();
        private final TopicTail tail;

        Seen(Topics topic) throws Exception {
            tail = TopicTail.open(settings(), "seen-" + topic.topic(), topic, TopicTail.From.EARLIEST, this::note);
            tail.caughtUp().get(20, TimeUnit.SECONDS);
        }

        private void note(InRecord record) {
            var key = key(record);
            var test = key.contains("/") ? key.substring(0, key.indexOf('/')) : key;
            byTest.computeIfAbsent(test, t -> new CopyOnWriteArrayList<>()).add(record);
        }

        List<InRecord> of(String test) {
            return byTest.getOrDefault(test, List.of());
        }

        List<String> keys(String test) {
            return of(test).stream().map(RealKafka::key).toList();
        }

        @Override
        public void close() {
            tail.close();
        }
    }

    private static EmbeddedKafka start() {
        try {
            var folder = Files.createTempDirectory(Path.of("target"), "kafka");
            var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            MeshTopics.open(KafkaSettings.oneNode(kafka.bootstrap()), Set.of("gmail.com"))
                    .close();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadTopics e) {
            throw new IllegalStateException(e);
        }
    }
}
