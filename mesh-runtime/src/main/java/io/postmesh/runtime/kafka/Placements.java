package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.KafkaSettings.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Placement;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every placement ever published in `mesh.config`, under the key `placement/<version>`. Old ones stay: mail stamped
/// with them may still be on its way, and must go where it went before (LEDGER L2).
final class Placements implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Placements.class);
    private static final String KEY = "placement/";

    private final ConcurrentSkipListMap<Integer, Placement> byVersion = new ConcurrentSkipListMap<>();
    private final TopicTail tail;

    private Placements(KafkaSettings kafka) {
        tail = TopicTail.open(kafka, "placement", Topics.CONFIG, TopicTail.From.EARLIEST, this::read);
    }

    /// Publishes a first placement, or a next one when the destinations to spread have changed.
    static Placements open(KafkaSettings kafka, Set<String> spread) throws IOException {
        var placements = follow(kafka);
        try {
            placements.publishIfNew(kafka, spread);
            return placements;
        } catch (IOException | RuntimeException e) {
            placements.close();
            throw e;
        }
    }

    /// Publishes nothing, knows what others publish.
    static Placements follow(KafkaSettings kafka) throws IOException {
        var placements = new Placements(kafka);
        try {
            placements.caughtUp();
            return placements;
        } catch (IOException | RuntimeException e) {
            placements.close();
            throw e;
        }
    }

    Placement latest() {
        var last = byVersion.lastEntry();
        if (last == null) throw new IllegalStateException("no placement is published yet; ingress does that");
        return last.getValue();
    }

    /// Of the latest one; 0 when there is none.
    int partitions() {
        var last = byVersion.lastEntry();
        return last == null ? 0 : last.getValue().partitions();
    }

    Placement at(int version) {
        var placement = byVersion.get(version);
        if (placement == null) throw new IllegalStateException("placement " + version + " is not known here yet");
        return placement;
    }

    private void caughtUp() throws IOException {
        try {
            tail.caughtUp().get(15, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Kafka does not let us read " + Topics.CONFIG.topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + Topics.CONFIG.topic(), e);
        }
    }

    private void publishIfNew(KafkaSettings kafka, Set<String> spread) throws IOException {
        var last = byVersion.lastEntry();
        if (last == null) {
            publish(kafka, new Placement(1, kafka.ownerPartitions(), spread));
        } else if (!last.getValue().spread().equals(spread)) {
            publish(kafka, new Placement(last.getKey() + 1, last.getValue().partitions(), spread));
        } else if (last.getValue().partitions() != kafka.ownerPartitions()) {
            log.warn(
                    "mail is placed on {} partitions as {} says; POSTMESH_OWNER_PARTITIONS={} has no effect",
                    last.getValue().partitions(),
                    Topics.CONFIG.topic(),
                    kafka.ownerPartitions());
        }
    }

    private void publish(KafkaSettings kafka, Placement placement) throws IOException {
        var p = kafka.producer("placement");
        try (var producer = new KafkaProducer<byte[], byte[]>(p)) {
            var record =
                    new OutRecord(Topics.CONFIG, 0, utf8(KEY + placement.version()), utf8(write(placement)), List.of());
            MeshTopics.answer(producer.send(record.toKafka()));
        }
        byVersion.put(placement.version(), placement);
    }

    private void read(InRecord record) {
        if (record.key() == null || record.value() == null) return;
        var key = new String(record.key(), UTF_8);
        if (!key.startsWith(KEY)) return;
        int version = Integer.parseInt(key.substring(KEY.length()));
        byVersion.put(version, parse(version, new String(record.value(), UTF_8)));
    }

    /// Two lines of text: `partitions=4` and `spread=gmail.com,outlook.com`.
    static String write(Placement placement) {
        return "partitions=" + placement.partitions() + "\nspread="
                + String.join(",", new TreeSet<>(placement.spread())) + "\n";
    }

    static Placement parse(int version, String text) {
        int partitions = 0;
        var spread = Set.<String>of();
        for (var line : text.lines().toList()) {
            if (line.startsWith("partitions=")) partitions = Integer.parseInt(line.substring("partitions=".length()));
            if (line.startsWith("spread=")) spread = domains(line.substring("spread=".length()));
        }
        return new Placement(version, partitions, spread);
    }

    private static Set<String> domains(String list) {
        return list.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(list.split(",", -1)));
    }

    @Override
    public void close() {
        tail.close();
    }
}
