package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
    @TempDir
    Path folder;

    @Test
    void withoutAnAddressTheProcessBringsItsOwnBroker() throws Exception {
        var kafka = from(Map.of());
        assertThat(kafka.bringsOwnBroker()).isTrue();
        assertThat(kafka.singleNode()).isTrue();
        assertThat(kafka.durable()).isTrue();
        assertThat(kafka.at("127.0.0.1:1").producer("x")).containsEntry("bootstrap.servers", "127.0.0.1:1");
    }

    @Test
    void aClusterKeepsThreeCopies() throws Exception {
        var kafka = from(Map.of("POSTMESH_KAFKA_BOOTSTRAP", "a:9092,b:9092", "POSTMESH_PROFILE", "fast"));
        assertThat(kafka.replicas()).isEqualTo(3);
        assertThat(kafka.durable()).isFalse();
    }

    @Test
    void theOperatorsFileSaysHowToReachKafka() throws Exception {
        var file = Files.writeString(folder.resolve("k"), "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n");
        var kafka = from(Map.of("POSTMESH_KAFKA_BOOTSTRAP", "a:1", "POSTMESH_KAFKA_CONFIG", file.toString()));
        assertThat(kafka.consumer("x", "g"))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("session.timeout.ms", 9_000);
    }

    @Test
    void theOperatorsFileMayNotChangeHowMailIsKept() throws Exception {
        var file = Files.writeString(folder.resolve("k"), "acks=1\nssl.protocol=TLSv1.3\n");
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_KAFKA_CONFIG", file.toString()));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_KAFKA_CONFIG: ")
                .endsWith("remove [acks]");
    }

    private static KafkaSettings from(Map<String, String> env) throws BadSettings {
        var settings = Settings.load(Map.of(), env);
        var kafka = KafkaSettings.from(settings);
        settings.check();
        return kafka;
    }
}
