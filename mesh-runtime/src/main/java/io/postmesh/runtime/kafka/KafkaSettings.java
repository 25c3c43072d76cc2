package io.postmesh.runtime.kafka;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Which Kafka, and what we ask of it everywhere. `producer`, `consumer` and `admin` are where every client starts.
///
/// @param bootstrap          empty when the process brings its own broker; see [#at]
/// @param client             what the operator adds for all clients: TLS, SASL
/// @param replicas           copies of each topic; 1 on one node
/// @param durable            fsync before a write is acknowledged (profile `durable`)
/// @param transactions       stages write and commit as one; without, a crash repeats work but loses nothing
/// @param instance           stable name of this process among those of its kind
/// @param acceptedPartitions of `mail.accepted` and `mail.events`
/// @param ownerPartitions    of `mail.cleared`, `mail.signed` and the ledger (LEDGER L5)
public record KafkaSettings(
        String bootstrap,
        Map<String, String> client,
        int replicas,
        boolean durable,
        boolean transactions,
        String instance,
        int acceptedPartitions,
        int ownerPartitions) {

    /// No stage writes a larger record. Twice as much fits in a topic, so quarantine takes whatever was let in.
    public static final int MAX_RECORD = 4 << 20;

    /// What every topic lets in; managed Kafkas commonly allow up to this.
    static final int MAX_MESSAGE = 8 << 20;

    /// A partition that was added is read and written by everybody within this time (LEDGER L5).
    private static final int KNOWN_WITHIN_MS = 10_000;

    /// The setting that names this process among those of its kind.
    public static final String INSTANCE = "POSTMESH_INSTANCE";

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /// Without `POSTMESH_KAFKA_BOOTSTRAP` the process brings its own broker: one node, few partitions.
    public static KafkaSettings from(Settings s) {
        boolean own = !s.isSet("POSTMESH_KAFKA_BOOTSTRAP");
        return new KafkaSettings(
                s.optional("POSTMESH_KAFKA_BOOTSTRAP", KafkaSettings::addresses).orElse(""),
                KafkaAccess.from(s),
                s.count("POSTMESH_KAFKA_REPLICAS", own ? 1 : 3, 1, 9), // 3 with min ISR 2: any one machine may die
                s.parsed("POSTMESH_PROFILE", "durable", KafkaSettings::isDurable),
                s.flag("POSTMESH_TRANSACTIONS", !own), // docs/decisions/0005
                s.parsed(INSTANCE, own ? "local" : hostName(), KafkaSettings::name), // stable: it names transactions
                s.count("POSTMESH_ACCEPTED_PARTITIONS", own ? 4 : 48, 1, 1024), // few batch better on one disk
                s.count("POSTMESH_OWNER_PARTITIONS", own ? 4 : 48, 1, 1024)); // 48 divides by 2, 3, 4, 6, 8, 12, 16
    }

    /// One node with the transactions of a cluster.
    public static KafkaSettings oneNode(String bootstrap) {
        return new KafkaSettings(bootstrap, Map.of(), 1, true, true, "local", 4, 4);
    }

    /// A password is among what the client is told.
    @Override
    public String toString() {
        return "Kafka at " + bootstrap + " " + new TreeSet<>(client.keySet()) + " for " + instance;
    }

    public boolean bringsOwnBroker() {
        return bootstrap.isEmpty();
    }

    public KafkaSettings at(String address) {
        return new KafkaSettings(
                address, client, replicas, durable, transactions, instance, acceptedPartitions, ownerPartitions);
    }

    /// The same Kafka for a process that goes by another name.
    public KafkaSettings as(String name) {
        return new KafkaSettings(
                bootstrap, client, replicas, durable, transactions, name, acceptedPartitions, ownerPartitions);
    }

    public boolean singleNode() {
        return replicas == 1;
    }

    public int partitions(Topics topic) {
        return switch (topic.spread()) {
            case SINGLE -> 1;
            case STAGE -> acceptedPartitions;
            case PER_OWNER -> ownerPartitions;
        };
    }

    /// An idempotent producer of bytes.
    public Map<String, Object> producer(String clientId) {
        var p = common(clientId);
        p.put("key.serializer", ByteArraySerializer.class);
        p.put("value.serializer", ByteArraySerializer.class);
        p.put("acks", "all");
        p.put("enable.idempotence", true);
        p.put("compression.type", "none"); // bodies are compressed once, at ingress
        p.put("max.request.size", MAX_MESSAGE);
        return p;
    }

    /// A member of a group, or a lone reader when `group` is empty. Commits are the caller's.
    public Map<String, Object> consumer(String clientId, String group) {
        var p = common(clientId);
        p.put("key.deserializer", ByteArrayDeserializer.class);
        p.put("value.deserializer", ByteArrayDeserializer.class);
        p.put("isolation.level", "read_committed");
        p.put("auto.offset.reset", "earliest"); // a new reader starts with the oldest mail
        p.put("enable.auto.commit", false);
        p.put("allow.auto.create.topics", false);
        p.put("fetch.min.bytes", 1); // answer at once
        p.put("max.partition.fetch.bytes", MAX_RECORD);
        if (!group.isEmpty()) membership(p, group);
        return p;
    }

    public Map<String, Object> admin(String clientId) {
        return common(clientId);
    }

    /// Classic protocol: a dead worker is noticed in 9 s on any Kafka (ARCHITECTURE §4).
    private static void membership(Map<String, Object> p, String group) {
        p.put("group.id", group);
        p.put("group.protocol", "classic");
        p.put("partition.assignment.strategy", List.of("org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));
        p.put("session.timeout.ms", 9_000);
        p.put("heartbeat.interval.ms", 1_000); // so soon the survivors hear of a death, too
    }

    private Map<String, Object> common(String clientId) {
        if (bringsOwnBroker()) throw new IllegalStateException("the own broker has no address yet");
        var p = new HashMap<String, Object>(client);
        p.put("bootstrap.servers", bootstrap);
        p.put("client.id", clientId + "-" + instance);
        p.put("enable.metrics.push", false); // no telemetry on a stranger's broker
        p.put("auto.include.jmx.reporter", false);
        p.put("metric.reporters", List.of());
        p.put("reconnect.backoff.max.ms", 1_000);
        p.put("metadata.max.age.ms", KNOWN_WITHIN_MS); // of readers and writers alike
        return p;
    }

    private static String addresses(String text) {
        var all = List.of(text.strip().split("[\\s,]+"));
        for (var one : all) {
            if (one.contains("/") || HostPort.parse(one).port() == 0)
                throw new IllegalArgumentException("write addresses such as kafka1:9092,kafka2:9092");
        }
        return String.join(",", all);
    }

    // It becomes part of Kafka's names, of our metrics and of a folder.
    private static String name(String text) {
        if (text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) return text;
        throw new IllegalArgumentException("write up to 100 letters, digits, dots, hyphens and underscores");
    }

    private static boolean isDurable(String profile) {
        return switch (profile) {
            case "durable" -> true;
            case "fast" -> false;
            default -> throw new IllegalArgumentException("write durable or fast");
        };
    }

    private static String hostName() {
        try {
            return name(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException | IllegalArgumentException e) {
            return "local";
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
