package io.postmesh.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Placement;
import io.postmesh.contract.Topics;
import io.postmesh.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MeshTopicsTest {
    private static final KafkaSettings CLUSTER = new KafkaSettings("b:1", Map.of(), 3, true, true, "i", 48, 48);

    @Test
    void topicsAsWeMakeThemPassOurOwnCheck() throws Exception {
        try (var topics = MeshTopics.open(RealKafka.settings(), Set.of("gmail.com"))) {
            assertThat(topics.placement().partitions()).isEqualTo(4);
        }
    }

    @Test
    void aTopicSomebodyChangedIsNamedWithTheSettingAndTheFix() throws Exception {
        alter("mail.quarantine", "retention.ms", "604800000");
        try {
            var problem = catchThrowableOfType(
                    BadTopics.class, () -> MeshTopics.open(RealKafka.settings(), Set.of("gmail.com")));
            assertThat(problem.problems())
                    .containsExactly("mail.quarantine: retention.ms is 604800000, mail is safe only with -1; run"
                            + " kafka-configs.sh --alter --entity-type topics --entity-name mail.quarantine"
                            + " --add-config retention.ms=-1");
        } finally {
            alter("mail.quarantine", "retention.ms", "-1");
        }
    }

    @Test
    void aChangedListOfSpreadDestinationsIsANewVersionAndTheOldOneStaysKnown() throws Exception {
        try (var before = MeshTopics.open(RealKafka.settings(), Set.of("gmail.com"))) {
            var old = before.placement();
            try (var after = MeshTopics.open(RealKafka.settings(), Set.of("gmail.com", "outlook.com"))) {
                assertThat(after.placement().version()).isGreaterThan(old.version());
                assertThat(after.placement(old.version())).isEqualTo(old);
                await().until(() -> before.placement().equals(after.placement()));
            }
            assertThatThrownBy(() -> before.placement(9999)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoFollowsPlacementsPublishesNoneAndSeesThoseOfOthers() throws Exception {
        try (var door = MeshTopics.open(RealKafka.settings(), Set.of("gmail.com"))) {
            var old = door.placement();
            try (var desk = MeshTopics.follow(RealKafka.settings())) {
                assertThat(desk.placement()).isEqualTo(old);
                try (var next = MeshTopics.open(RealKafka.settings(), Set.of("gmail.com", "gmx.de"))) {
                    assertThat(next.placement().version()).isEqualTo(old.version() + 1);
                    await().until(() -> desk.placement().equals(next.placement()));
                }
            }
        }
    }

    @Test
    void whoFollowsBeforeAnythingIsPublishedWaitsForTheFirstPlacement(@TempDir Path folder) throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST)) {
            var settings = new KafkaSettings(kafka.bootstrap(), Map.of(), 1, true, true, "i", 2, 2);
            try (var desk = MeshTopics.follow(settings)) {
                assertThatThrownBy(desk::placement).isInstanceOf(IllegalStateException.class);
                try (var door = MeshTopics.open(settings, Set.of())) {
                    await().untilAsserted(() -> assertThat(desk.placement(1)).isEqualTo(door.placement()));
                }
            }
        }
    }

    @Test
    void aPlacementReadsBackAsItWasWritten() {
        var placement = new Placement(3, 48, Set.of("gmail.com", "outlook.com"));
        assertThat(Placements.parse(3, Placements.text(placement))).isEqualTo(placement);
        var none = new Placement(1, 4, Set.of());
        assertThat(Placements.parse(1, Placements.text(none))).isEqualTo(none);
    }

    @Test
    void aKafkaThatDoesNotAnswerIsAPlainProblem() {
        var impatient = Map.of("default.api.timeout.ms", "1500", "request.timeout.ms", "1000");
        var nobody = new KafkaSettings("127.0.0.1:9", impatient, 1, true, true, "i", 4, 4);
        assertThatThrownBy(() -> MeshTopics.open(nobody, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("POSTMESH_KAFKA_BOOTSTRAP");
    }

    @Test
    void anAddressNobodyKnowsIsAPlainProblem() {
        var nowhere = new KafkaSettings("kafka.invalid:9092", Map.of(), 1, true, true, "i", 4, 4);
        assertThatThrownBy(() -> MeshTopics.open(nowhere, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("POSTMESH_KAFKA_BOOTSTRAP: kafka.invalid:9092");
    }

    @Test
    void moreCopiesThanBrokersIsAPlainProblemWithItsSetting(@TempDir Path folder) throws Exception {
        try (var broker = EmbeddedKafka.start(folder, EmbeddedKafka.Options.FAST)) {
            var three = new KafkaSettings(broker.bootstrap(), Map.of(), 3, true, true, "i", 4, 4);
            assertThatThrownBy(() -> MeshTopics.open(three, Set.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("POSTMESH_KAFKA_REPLICAS");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, cleanup.policy, 'compact,delete'",
        "ACCEPTED, retention.ms, 604800000",
        "ACCEPTED, retention.bytes, 1000000",
        "ACCEPTED, flush.messages, 9223372036854775807",
        "ACCEPTED, message.timestamp.type, CreateTime",
        "ACCEPTED, min.insync.replicas, 1",
        "ACCEPTED, max.message.bytes, 1048588",
        "ACCEPTED, unclean.leader.election.enable, true",
        "WAITING, cleanup.policy, 'compact,delete'",
        "WAITING, delete.retention.ms, 60000",
        "CONFIG, cleanup.policy, delete",
    })
    void whatEndangersMailIsAProblem(Topics topic, String name, String value) {
        assertThat(problems(topic, 3, Map.of(name, value)))
                .singleElement()
                .asString()
                .startsWith(topic.topic() + ": " + name + " is " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, compression.type, zstd",
        "ACCEPTED, max.message.bytes, 10485760",
        "ACCEPTED, retention.ms, 9223372036854775807",
        "ACCEPTED, min.insync.replicas, 3",
        "EVENTS, retention.ms, 3600000",
        "EVENTS, flush.messages, 9223372036854775807",
    })
    void whatOnlyCostsIsNone(Topics topic, String name, String value) {
        assertThat(problems(topic, 3, Map.of(name, value))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theShapeWeMakeIsTheShapeWeWant(Topics topic) {
        assertThat(problems(topic, 3, Map.of())).isEmpty();
        assertThat(new TopicShape(topic, CLUSTER).create().replicationFactor()).isEqualTo((short) 3);
    }

    @Test
    void tooFewCopiesAreAProblem() {
        assertThat(problems(Topics.SIGNED, 1, Map.of()))
                .singleElement()
                .asString()
                .contains("mail.signed: replication factor is 1", "POSTMESH_KAFKA_REPLICAS");
    }

    private static List<String> problems(Topics topic, int replicas, Map<String, String> changed) {
        var shape = new TopicShape(topic, CLUSTER);
        var settings = new HashMap<>(shape.settings());
        settings.putAll(changed);
        return shape.problems(new TopicShape.Found(48, replicas, settings));
    }

    private static void alter(String topic, String name, String value) throws Exception {
        try (var admin = Admin.create(RealKafka.settings().admin("test"))) {
            var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get();
        }
    }
}
