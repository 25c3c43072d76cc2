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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anInstanceIsANameThatAFolderAndATransactionCanHave() {
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_INSTANCE", "../policy 1"));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_INSTANCE: '../policy 1': ");
    }

    @Test
    void theOperatorsFileSaysHowToReachKafka() throws Exception {
        var file = Files.writeString(
                folder.resolve("k"),
                "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config="
                        + "org.apache.kafka.common.security.plain.PlainLoginModule required username=u password=p;\n");
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

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a:9092,b", "a:x", "a:70000", "a:0", "kafka://a:9092", ":9092"})
    void anAddressThatIsNoneIsAProblemOfItsSetting(String text) {
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_KAFKA_BOOTSTRAP", text));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_KAFKA_BOOTSTRAP: '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "security.protocol=TLS, security.protocol",
        "'security.protocol=SSL\nssl.truststore.location=/no/such/store', /no/such/store",
        "'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=secret', JAAS",
        "socket.connection.setup.timeout.ms=soon, soon",
    })
    void aFileKafkasClientCannotUseIsAProblemBeforeAnythingStarts(String content, String why) throws Exception {
        var file = Files.writeString(folder.resolve("k"), content);
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_KAFKA_CONFIG", file.toString()));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_KAFKA_CONFIG: ")
                .contains(why)
                .doesNotContain("secret")
                .doesNotContain("\n");
    }

    private static KafkaSettings from(Map<String, String> env) throws BadSettings {
        var settings = Settings.load(Map.of(), env);
        var kafka = KafkaSettings.from(settings);
        settings.check();
        return kafka;
    }
}
