package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;

/// What a topic has to be so that mail in it is safe: how it is made, and what is wrong with one that others made.
record TopicShape(Topics topic, KafkaSettings kafka) {
    private static final String DAY = "86400000";
    private static final String NEVER = Long.toString(Long.MAX_VALUE);

    /// What Kafka says about an existing topic.
    record Found(int partitions, int replicas, Map<String, String> settings) {}

    NewTopic create() {
        return new NewTopic(topic.topic(), kafka.partitions(topic), (short) kafka.replicas()).configs(settings());
    }

    Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("message.timestamp.type", "LogAppendTime"); // the trimmer trusts no client's clock
        settings.put("compression.type", "producer"); // bodies are compressed once, at ingress
        settings.put("max.message.bytes", Integer.toString(KafkaSettings.MAX_MESSAGE));
        settings.put("min.insync.replicas", Integer.toString(leastInSync()));
        settings.put("unclean.leader.election.enable", "false");
        settings.putAll(forgetting());
        if (isMail() && kafka.durable()) settings.put("flush.messages", "1"); // once per batch: the group commit
        if (topic.cleanup() == Topics.Cleanup.TIMED) settings.put("flush.messages", NEVER); // our own broker has 1
        return settings;
    }

    private Map<String, String> forgetting() {
        return switch (topic.cleanup()) {
            case TRIMMED -> Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"); // L21
            case TIMED -> Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(7 * Long.parseLong(DAY)));
            case COMPACTED ->
                Map.of(
                        "cleanup.policy", "compact",
                        "delete.retention.ms", DAY, // longer than any cache may be old (L20)
                        "min.compaction.lag.ms", "60000",
                        "max.compaction.lag.ms", "21600000",
                        "segment.bytes", "16777216"); // only closed segments are compacted
        };
    }

    /// One copy may be away; two must have the mail before it is acknowledged.
    private int leastInSync() {
        return kafka.singleNode() ? 1 : Math.max(2, kafka.replicas() - 1);
    }

    private boolean isMail() {
        return topic.kind() == Topics.Kind.MAIL;
    }

    /// One line each: the topic, the setting, the fix.
    List<String> problems(Found found) {
        var problems = new ArrayList<String>();
        if (isMail() && found.replicas < kafka.replicas()) problems.add(tooFewReplicas(found.replicas));
        settings().forEach((name, wanted) -> {
            var value = found.settings.getOrDefault(name, "");
            if (endangersMail(name) && !suffices(name, wanted, value)) problems.add(wrong(name, wanted, value));
        });
        return problems;
    }

    /// Compression costs time only, and what is no mail may be kept as its owner likes.
    private boolean endangersMail(String name) {
        return switch (name) {
            case "cleanup.policy" -> true;
            case "compression.type", "segment.bytes", "min.compaction.lag.ms", "max.compaction.lag.ms" -> false;
            default -> isMail();
        };
    }

    private static boolean suffices(String name, String wanted, String value) {
        return switch (name) {
            case "max.message.bytes", "min.insync.replicas", "delete.retention.ms" -> atLeast(value, wanted);
            case "retention.ms", "retention.bytes" ->
                Set.of("-1", Long.toString(Long.MAX_VALUE)).contains(value);
            default -> value.equals(wanted);
        };
    }

    private static boolean atLeast(String value, String wanted) {
        try {
            return Long.parseLong(value) >= Long.parseLong(wanted);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String wrong(String name, String wanted, String value) {
        return topic.topic() + ": " + name + " is " + value + ", mail is safe only with " + wanted
                + "; run kafka-configs.sh --alter --entity-type topics --entity-name " + topic.topic()
                + " --add-config " + name + "=" + wanted
                + (name.equals("flush.messages") ? ", or accept POSTMESH_PROFILE=fast" : "");
    }

    private String tooFewReplicas(int replicas) {
        return topic.topic() + ": replication factor is " + replicas + " and should be " + kafka.replicas()
                + "; run kafka-reassign-partitions.sh, or set POSTMESH_KAFKA_REPLICAS to what you accept";
    }
}
