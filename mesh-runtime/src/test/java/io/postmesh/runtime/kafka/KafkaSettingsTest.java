package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postmesh.lab.sink.SelfSigned;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
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

    private static final SelfSigned OURS = selfSigned();

    @ParameterizedTest
    @CsvSource({
        "'', PLAINTEXT",
        "POSTMESH_KAFKA_CA, SSL",
        "POSTMESH_KAFKA_CERTIFICATE POSTMESH_KAFKA_KEY, SSL",
        "POSTMESH_KAFKA_USER POSTMESH_KAFKA_PASSWORD, SASL_SSL",
        "POSTMESH_KAFKA_USER POSTMESH_KAFKA_PASSWORD POSTMESH_KAFKA_CERTIFICATE POSTMESH_KAFKA_KEY, SASL_SSL",
    })
    void whatIsKnownOfTheBrokersSaysHowTheyAreReachedAndEveryClientDoesSo(String given, String protocol)
            throws Exception {
        var kafka = from(access(given));
        for (var client : List.of(kafka.admin("a"), kafka.producer("p"), kafka.consumer("c", "g")))
            assertThat(client.getOrDefault("security.protocol", "PLAINTEXT")).isEqualTo(protocol);
    }

    @ParameterizedTest
    @CsvSource({
        "POSTMESH_KAFKA_USER, 'POSTMESH_KAFKA_PASSWORD: is not set, and POSTMESH_KAFKA_USER is: set both'",
        "POSTMESH_KAFKA_PASSWORD, 'POSTMESH_KAFKA_USER: is not set, and POSTMESH_KAFKA_PASSWORD is: set both'",
        "POSTMESH_KAFKA_KEY, 'POSTMESH_KAFKA_CERTIFICATE: is not set, and POSTMESH_KAFKA_KEY is: set both'",
        "POSTMESH_KAFKA_CERTIFICATE, 'POSTMESH_KAFKA_KEY: is not set, and POSTMESH_KAFKA_CERTIFICATE is: set both'",
        "POSTMESH_KAFKA_SASL_MECHANISM, POSTMESH_KAFKA_SASL_MECHANISM: is of no use without POSTMESH_KAFKA_USER",
        "POSTMESH_KAFKA_CA=no, POSTMESH_KAFKA_CA: begins with no -----BEGIN CERTIFICATE-----",
        "POSTMESH_KAFKA_CERTIFICATE POSTMESH_KAFKA_KEY=-----BEGIN RSA PRIVATE KEY-----, openssl pkcs8",
        "POSTMESH_KAFKA_CERTIFICATE POSTMESH_KAFKA_KEY=-----BEGIN PRIVATE KEY-----, POSTMESH_KAFKA_KEY: Kafka's client",
        "POSTMESH_KAFKA_SECURITY_PROTOCOL=TLS, 'write one of PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL'",
        "POSTMESH_KAFKA_SECURITY_PROTOCOL=SASL_SSL, needs POSTMESH_KAFKA_USER and POSTMESH_KAFKA_PASSWORD",
        "POSTMESH_KAFKA_SECURITY_PROTOCOL=PLAINTEXT POSTMESH_KAFKA_CA, PLAINTEXT shows and checks no certificate",
        "POSTMESH_KAFKA_SECURITY_PROTOCOL=SSL POSTMESH_KAFKA_USER POSTMESH_KAFKA_PASSWORD, write SASL_SSL",
    })
    void whatDoesNotFitIsOneProblemThatShowsNoSecret(String given, String problem) throws Exception {
        var settings = Settings.load(Map.of(), access(given));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .contains(problem)
                .doesNotContain("sesame")
                .doesNotContain("\n");
    }

    @Test
    void aBrokerOfTheProcessItselfWantsNoPassword() {
        var settings = Settings.load(Map.of(), Map.of("POSTMESH_KAFKA_CA", pem()));
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .singleElement()
                .asString()
                .startsWith("POSTMESH_KAFKA_CA: is for the Kafka that POSTMESH_KAFKA_BOOTSTRAP names");
    }

    @Test
    void theOperatorsFileAddsToTheSettingsAndSaysNothingASecondTime() throws Exception {
        var file = folder.resolve("k");
        var given = access("POSTMESH_KAFKA_CA");
        given.put("POSTMESH_KAFKA_CONFIG", file.toString());
        Files.writeString(file, "client.rack=a\n");
        assertThat(from(given).admin("x")).containsEntry("client.rack", "a").containsKey("ssl.truststore.certificates");
        Files.writeString(file, "client.rack=a\nsecurity.protocol=PLAINTEXT\n");
        var settings = Settings.load(Map.of(), given);
        KafkaSettings.from(settings);
        assertThat(catchThrowableOfType(BadSettings.class, settings::check).problems())
                .containsExactly("POSTMESH_KAFKA_CONFIG: security.protocol is also said by a setting of its own;"
                        + " remove one of them");
    }

    @Test
    void noSecretIsPrinted() throws Exception {
        var given = access("POSTMESH_KAFKA_USER POSTMESH_KAFKA_PASSWORD POSTMESH_KAFKA_CERTIFICATE POSTMESH_KAFKA_KEY");
        given.put("POSTMESH_KAFKA_KEY_PASSWORD", "open sesame");
        var settings = Settings.load(Map.of(), given);
        var kafka = KafkaSettings.from(settings);
        assertThat(settings.describe())
                .contains(
                        "POSTMESH_KAFKA_PASSWORD=****", "POSTMESH_KAFKA_KEY=****", "POSTMESH_KAFKA_KEY_PASSWORD=****");
        assertThat(settings.describe() + " " + kafka).doesNotContain("sesame", "PRIVATE");
    }

    /// Names with a value that fits, or `NAME=value`.
    private static Map<String, String> access(String given) {
        var all = new HashMap<>(Map.of("POSTMESH_KAFKA_BOOTSTRAP", "a:1"));
        for (var one : given.split(" (?=POSTMESH)", -1)) {
            var pair = one.split("=", 2);
            if (!one.isEmpty()) all.put(pair[0], pair.length == 2 ? pair[1] : fitting(pair[0]));
        }
        return all;
    }

    private static String fitting(String name) {
        return switch (name) {
            case "POSTMESH_KAFKA_CA", "POSTMESH_KAFKA_CERTIFICATE" -> pem();
            case "POSTMESH_KAFKA_KEY" -> OURS.keyPem();
            case "POSTMESH_KAFKA_SASL_MECHANISM" -> "PLAIN";
            case "POSTMESH_KAFKA_USER" -> "ann";
            default -> "open sesame";
        };
    }

    private static String pem() {
        try {
            return OURS.certificatePem();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SelfSigned selfSigned() {
        try {
            return SelfSigned.forHost("mesh.demo.test");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaSettings from(Map<String, String> env) throws BadSettings {
        var settings = Settings.load(Map.of(), env);
        var kafka = KafkaSettings.from(settings);
        settings.check();
        return kafka;
    }
}
