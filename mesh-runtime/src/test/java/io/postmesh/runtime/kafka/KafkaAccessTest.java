package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.GuardedKafka.PASSWORD;
import static io.postmesh.runtime.kafka.GuardedKafka.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postmesh.contract.Topics;
import io.postmesh.lab.sink.SelfSigned;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// TLS, passwords, certificates and rules of a real broker. Opening the topics takes all three kinds of client: one
/// that administers, one that reads and one that writes.
class KafkaAccessTest {
    private static GuardedKafka guarded;

    @BeforeAll
    static void open() throws Exception {
        guarded = new GuardedKafka();
        for (var user : Set.of("plain", "scram", "CN=mesh.demo.test")) guarded.allowAll(user);
    }

    @AfterAll
    static void close() {
        guarded.close();
    }

    @ParameterizedTest
    @CsvSource({"plain, PLAIN", "scram, scram-sha-256", "scram, SCRAM-SHA-512", "scram, ''"})
    void aPasswordLetsIn(String user, String mechanism) throws Exception {
        var kafka = settings(guarded.login(
                "POSTMESH_KAFKA_USER", user,
                "POSTMESH_KAFKA_PASSWORD", PASSWORD,
                "POSTMESH_KAFKA_SASL_MECHANISM", mechanism));
        try (var topics = MeshTopics.open(kafka, Set.of())) {
            assertThat(topics.placement().partitions()).isEqualTo(2);
        }
    }

    @Test
    void aCertificateLetsIn() throws Exception {
        var kafka = settings(guarded.mutual(
                "POSTMESH_KAFKA_CERTIFICATE", guarded.mesh.certificatePem(),
                "POSTMESH_KAFKA_KEY", guarded.mesh.keyPem()));
        try (var topics = MeshTopics.open(kafka, Set.of())) {
            assertThat(topics.placement().partitions()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"plain, PLAIN", "scram, SCRAM-SHA-512", "nobody, SCRAM-SHA-512"})
    void aWrongPasswordIsOneSentence(String user, String mechanism) throws Exception {
        turnedAway(guarded.login(
                        "POSTMESH_KAFKA_USER", user,
                        "POSTMESH_KAFKA_PASSWORD", "a wrong one",
                        "POSTMESH_KAFKA_SASL_MECHANISM", mechanism))
                .contains("check POSTMESH_KAFKA_USER, its password")
                .doesNotContain("a wrong one");
    }

    @Test
    void aBrokerWhoseCertificateNobodyVouchesForGetsNoPassword() throws Exception {
        turnedAway(guarded.login(
                        "POSTMESH_KAFKA_USER",
                        "scram",
                        "POSTMESH_KAFKA_PASSWORD",
                        PASSWORD,
                        "POSTMESH_KAFKA_CA",
                        SelfSigned.forHost("localhost").certificatePem()))
                .contains("check POSTMESH_KAFKA_CA");
    }

    @Test
    void aBrokerOfAnotherNameThanItsCertificatesIsNotTrusted() throws Exception {
        var login = guarded.login("POSTMESH_KAFKA_USER", "scram", "POSTMESH_KAFKA_PASSWORD", PASSWORD);
        login.computeIfPresent("POSTMESH_KAFKA_BOOTSTRAP", (_, at) -> at.replace("localhost", "127.0.0.1"));
        turnedAway(login).contains("127.0.0.1").contains("check POSTMESH_KAFKA_CA");
    }

    @Test
    void whoShowsNoCertificateWhereOneIsWantedIsTurnedAway() throws Exception {
        turnedAway(guarded.mutual()).contains("POSTMESH_KAFKA_CERTIFICATE");
    }

    @Test
    void whoShowsACertificateOfSomebodyElseIsTurnedAway() throws Exception {
        var stranger = SelfSigned.forHost("mesh.demo.test");
        turnedAway(guarded.mutual(
                        "POSTMESH_KAFKA_CERTIFICATE", stranger.certificatePem(),
                        "POSTMESH_KAFKA_KEY", stranger.keyPem()))
                .contains("POSTMESH_KAFKA_CERTIFICATE");
    }

    @Test
    void whoWouldTalkInTheClearToAListenerWithTlsIsTold() throws Exception {
        var clear = guarded.login();
        clear.remove("POSTMESH_KAFKA_CA");
        turnedAway(clear).contains("POSTMESH_KAFKA_SECURITY_PROTOCOL");
    }

    /// Kafka's own reading of the word.
    @Test
    void aProtocolInSmallLettersIsOneToo() throws Exception {
        var login = settings(guarded.login("POSTMESH_KAFKA_USER", "scram", "POSTMESH_KAFKA_PASSWORD", PASSWORD));
        var client = new java.util.HashMap<>(login.client());
        client.put("security.protocol", " sasl_ssl ");
        var kafka = new KafkaSettings(login.bootstrap(), client, 1, false, true, "local", 2, 2);
        try (var topics = MeshTopics.open(kafka, Set.of())) {
            assertThat(topics.placement().partitions()).isEqualTo(2);
        }
    }

    @Test
    void anOperatorsCommandIsToldTheSame() throws Exception {
        var wrong = settings(guarded.login("POSTMESH_KAFKA_USER", "scram", "POSTMESH_KAFKA_PASSWORD", "a wrong one"));
        assertThatThrownBy(() -> io.postmesh.runtime.control.Commander.open(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("check POSTMESH_KAFKA_USER, its password");
    }

    @Test
    void rightsThatAreMissingAreAllNamedBeforeAnyWorkIsDone() throws Exception {
        try (var made = MeshTopics.open(settings(scram("scram")), Set.of())) {
            assertThat(made.partitions()).isEqualTo(2);
        }
        guarded.user("poor");
        var needs = Rights.NONE.read(Topics.CLEARED).write(Topics.SIGNED);
        guarded.allow("poor", Rights.LOOK.and(needs), AclOperation.WRITE);
        assertThat(problems("poor", needs))
                .singleElement()
                .asString()
                .startsWith("mail.signed: Kafka does not allow this user to WRITE; run kafka-acls.sh ")
                .endsWith("--operation WRITE --topic mail.signed");
        guarded.allow("poor", needs);
        MeshTopics.follow(settings(scram("poor")), needs).close();
    }

    @Test
    void whoMaySeeNothingIsToldWhatItMustSee() throws Exception {
        try (var made = MeshTopics.open(settings(scram("scram")), Set.of())) {
            assertThat(made.partitions()).isEqualTo(2);
        }
        guarded.user("blind");
        assertThat(problems("blind", Rights.NONE))
                .contains("mail.accepted: Kafka does not allow this user to DESCRIBE; run kafka-acls.sh --add"
                        + " --allow-principal User:... --operation DESCRIBE --topic mail.accepted");
    }

    private static java.util.List<String> problems(String user, Rights rights) {
        return catchThrowableOfType(BadTopics.class, () -> MeshTopics.follow(settings(scram(user)), rights))
                .problems();
    }

    private static Map<String, String> scram(String user) throws Exception {
        return guarded.login("POSTMESH_KAFKA_USER", user, "POSTMESH_KAFKA_PASSWORD", PASSWORD);
    }

    private static org.assertj.core.api.AbstractStringAssert<?> turnedAway(Map<String, String> values)
            throws Exception {
        var kafka = settings(values);
        var problem = catchThrowableOfType(IOException.class, () -> MeshTopics.open(kafka, Set.of()));
        return assertThat(problem.getMessage()).startsWith("Kafka ").hasLineCount(1);
    }
}
