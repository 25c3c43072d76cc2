package io.postmesh.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A hand inside Kafka for the workshop, which has no Kafka client: reads a command a line, answers with a
/// line.
///
/// | command | answer |
/// |---|---|
/// | `leader <topic> <partition>` | the node that leads it; -1: nobody |
/// | `lagging` | how many partitions have fewer replicas in sync than they have replicas |
/// | `elect <node>` | makes this node the leader of every partition it has a replica of; how many moved |
/// | `put <topic> <partition> <base64 or null>` | the offset; `refused ...` when the broker does not take it |
/// | `behind <group> <topic>` | records the group has not committed |
/// | `first <topic>` | the value of the first record with one, in base64; `none` |
/// | `holding <topic> <base64> ...` | how many of these are contained in a record's value |
///
/// What Kafka refuses is answered with `error ...`.
public final class KafkaHand implements AutoCloseable {
    private static final int USAGE = 64; // EX_USAGE of sysexits.h
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LARGEST = 16 << 20;

    private final String bootstrap;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    KafkaHand(String bootstrap) {
        this.bootstrap = bootstrap;
        Map<String, Object> client = Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", "8000");
        admin = Admin.create(client);
        var producing = new HashMap<>(client);
        producing.putAll(Map.of(
                "acks", "all",
                "delivery.timeout.ms", "15000",
                "max.request.size", Integer.toString(LARGEST)));
        producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// `KafkaHand <bootstrap>`; ends with its input.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: KafkaHand <bootstrap>");
            System.exit(USAGE);
        }
        var hand = new KafkaHand(arguments[0]);
        var in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String line; (line = in.readLine()) != null; ) System.out.println(hand.answer(line));
        System.exit(0); // without waiting for brokers that may be dead
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    String answer(String command) throws InterruptedException {
        var words = command.split(" ");
        try {
            return switch (words[0]) {
                case "leader" -> leader(words[1], Integer.parseInt(words[2]));
                case "lagging" -> lagging();
                case "elect" -> elect(Integer.parseInt(words[1]));
                case "put" -> put(words[1], Integer.parseInt(words[2]), words[3]);
                case "behind" -> behind(words[1], words[2]);
                case "first" -> first(words[1]);
                case "holding" ->
                    holding(
                            words[1],
                            Arrays.stream(words)
                                    .skip(2)
                                    .map(Base64.getDecoder()::decode)
                                    .toList());
                default -> "error no command " + words[0];
            };
        } catch (ExecutionException e) {
            return "error " + String.valueOf(e.getCause()).replace('\n', ' ');
        } catch (TimeoutException | RuntimeException e) {
            return "error " + String.valueOf(e).replace('\n', ' ');
        }
    }

    private String leader(String topic, int partition)
            throws ExecutionException, InterruptedException, TimeoutException {
        var leader = partitions(Set.of(topic)).get(new TopicPartition(topic, partition));
        return leader == null || leader.leader() == null
                ? "-1"
                : leader.leader().idString();
    }

    private String lagging() throws ExecutionException, InterruptedException, TimeoutException {
        long behind = partitions(allTopics()).values().stream()
                .filter(one -> one.isr().size() < one.replicas().size())
                .count();
        return Long.toString(behind);
    }

    // Preferred is who stands first among the replicas, so it is put there first; no data moves.
    private String elect(int node) throws ExecutionException, InterruptedException, TimeoutException {
        var moves = new HashMap<TopicPartition, Optional<NewPartitionReassignment>>();
        partitions(allTopics()).forEach((partition, there) -> {
            var replicas = new ArrayList<>(
                    there.replicas().stream().map(one -> one.id()).toList());
            boolean leads = there.leader() != null && there.leader().id() == node;
            if (leads || !replicas.remove((Integer) node)) return;
            replicas.addFirst(node);
            moves.put(partition, Optional.of(new NewPartitionReassignment(replicas)));
        });
        admin.alterPartitionReassignments(moves).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        var elected = admin.electLeaders(ElectionType.PREFERRED, moves.keySet())
                .partitions()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return Long.toString(elected.values().stream().filter(Optional::isEmpty).count());
    }

    private String put(String topic, int partition, String value) throws InterruptedException, TimeoutException {
        var octets = value.equals("null") ? null : Base64.getDecoder().decode(value);
        try {
            var record = new ProducerRecord<>(topic, partition, "poison".getBytes(US_ASCII), octets);
            var sent = producer.send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return Long.toString(sent.offset());
        } catch (ExecutionException e) {
            return "refused " + String.valueOf(e.getCause()).replace('\n', ' ');
        }
    }

    // Records, not offsets: the end of a topic that is written in transactions is a marker nobody commits.
    private String behind(String group, String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        var committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        var ends = ends(topic);
        var from = new HashMap<TopicPartition, Long>();
        ends.keySet().forEach(where -> {
            var done = committed.get(where);
            from.put(where, done == null ? 0 : done.offset());
        });
        var behind = new AtomicLong();
        read(from, ends, _ -> {
            behind.incrementAndGet();
            return true;
        });
        return Long.toString(behind.get());
    }

    private String holding(String topic, List<byte[]> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        var missing = new ArrayList<>(wanted);
        read(topic, value -> {
            missing.removeIf(one -> contains(value, one));
            return !missing.isEmpty();
        });
        return Integer.toString(wanted.size() - missing.size());
    }

    private String first(String topic) throws ExecutionException, InterruptedException, TimeoutException {
        var found = new AtomicReference<>("none");
        read(topic, value -> {
            found.compareAndSet("none", Base64.getEncoder().encodeToString(value));
            return false;
        });
        return Objects.requireNonNull(found.get());
    }

    // Every value from the beginning to the present end, until the reader has enough.
    private void read(String topic, Predicate<byte[]> goesOn)
            throws ExecutionException, InterruptedException, TimeoutException {
        read(Map.of(), ends(topic), record -> record.value() == null || goesOn.test(record.value()));
    }

    // Whoever is asked to begin at a place that is not kept any more begins at the first that is.
    private void read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Predicate<ConsumerRecord<byte[], byte[]>> goesOn)
            throws TimeoutException {
        Map<String, Object> reader = Map.of(
                "bootstrap.servers",
                bootstrap,
                "max.partition.fetch.bytes",
                LARGEST,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            from.forEach(consumer::seek);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) throw new TimeoutException("not read in " + PATIENCE);
                for (var record : consumer.poll(Duration.ofMillis(200))) if (!goesOn.test(record)) return;
            }
        }
    }

    private static boolean contains(byte[] octets, byte[] wanted) {
        for (int at = 0; at + wanted.length <= octets.length; at++)
            if (Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length)) return true;
        return false;
    }

    private Map<TopicPartition, Long> ends(String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        var latest = partitions(Set.of(topic)).keySet().stream()
                .collect(Collectors.toMap(one -> one, _ -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        admin.listOffsets(latest)
                .all()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private Set<String> allTopics() throws ExecutionException, InterruptedException, TimeoutException {
        return admin.listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
                .names()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Map<TopicPartition, TopicPartitionInfo> partitions(Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        var all = new HashMap<TopicPartition, TopicPartitionInfo>();
        admin.describeTopics(List.copyOf(topics))
                .allTopicNames()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .forEach((topic, there) -> Objects.requireNonNull(there)
                        .partitions()
                        .forEach(one -> all.put(new TopicPartition(topic, one.partition()), one)));
        return all;
    }
}
