package io.postmesh.signer;

import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// One broker for all tests of this module.
final class RealKafka {
    private static final EmbeddedKafka BROKER = start();

    private RealKafka() {}

    static KafkaSettings settings() {
        return KafkaSettings.oneNode(BROKER.bootstrap());
    }

    private static EmbeddedKafka start() {
        try {
            var folder = Files.createTempDirectory(Path.of("target"), "kafka");
            var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST);
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            MeshTopics.open(KafkaSettings.oneNode(kafka.bootstrap()), Set.of()).close();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadTopics e) {
            throw new IllegalStateException(e);
        }
    }
}
