package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Topics;
import io.postmesh.delivery.DeliveryService;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.policy.PolicyService;
import io.postmesh.signer.SignerService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// What a killed node had not done yet, read from a copy of its data: the data themselves are for its successor, who
/// must find them as the kill left them.
final class Backlog {
    private static final Map<String, String> INPUTS = Map.of(
            Topics.ACCEPTED.topic(), PolicyService.GROUPS.getFirst(),
            Topics.CLEARED.topic(), SignerService.GROUPS.getFirst(),
            Topics.SIGNED.topic(), DeliveryService.GROUPS.getFirst());

    private Backlog() {}

    /// The topics that hold records their stage has not finished.
    static TreeSet<String> topics(Path data, Path copy) throws Exception {
        var copied = Programs.run("", List.of("cp", "-a", data.resolve("kafka").toString(), copy.toString()));
        assertThat(copied.code()).as(copied.output()).isZero();
        try (var kafka = EmbeddedKafka.start(copy, EmbeddedKafka.Options.FAST);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            var unfinished = new TreeSet<String>();
            for (var input : INPUTS.entrySet()) {
                if (unfinished(admin, input.getKey(), input.getValue())) unfinished.add(input.getKey());
            }
            return unfinished;
        } finally {
            TestMesh.deleteTree(copy);
        }
    }

    private static boolean unfinished(Admin admin, String topic, String group) throws Exception {
        var done = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        var there = Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        var partitions = there.partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get().entrySet().stream().anyMatch(end -> {
            var committed = done.get(end.getKey());
            return end.getValue().offset() > (committed == null ? 0 : committed.offset());
        });
    }
}
