package io.postmesh.runtime.kafka;

import static io.postmesh.runtime.kafka.KafkaSettings.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Placement;
import io.postmesh.contract.Topics;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every placement ever published in `mesh.config`, under the key `placement/<version>`. An envelope carries the
/// whole placement it was stamped with, so nobody needs this log to place old mail (LEDGER L2).
///
/// Kafka has no compare-and-set: of two who publish the same version at once, the later one stands. So whoever
/// publishes looks again, and publishes the next version if what stands is not what it wants. The number of
/// partitions never falls: it is the highest that anybody ever published.
final class Placements implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Placements.class);
    private static final String KEY = "placement/";
    private static final int TRIES = 10; // each says that somebody else has just published

    private final ConcurrentSkipListMap<Integer, Placement> byVersion = new ConcurrentSkipListMap<>();
    private final ConfigTopic config;
    private volatile int most; // partitions of any placement read

    private Placements(KafkaSettings kafka, Consumer<InRecord> others) throws IOException {
        config = ConfigTopic.open(kafka, "config", record -> {
            take(record);
            others.accept(record);
        });
    }

    /// Publishes a first placement, or a next one when the destinations to spread have changed.
    ///
    /// @param others who reads the same records, for what else stands there
    static Placements open(KafkaSettings kafka, Set<String> spread, Consumer<InRecord> others) throws IOException {
        var placements = follow(kafka, others);
        try {
            placements.publishIfNew(kafka, spread);
            return placements;
        } catch (IOException | RuntimeException e) {
            placements.close();
            throw e;
        }
    }

    /// Publishes nothing, knows what others publish.
    static Placements follow(KafkaSettings kafka, Consumer<InRecord> others) throws IOException {
        return new Placements(kafka, others);
    }

    ConfigTopic config() {
        return config;
    }

    Placement latest() {
        return last().orElseThrow(() -> new IllegalStateException("no placement is published yet; ingress does that"));
    }

    /// Of the latest one; 0 when there is none.
    int partitions() {
        return last().map(Placement::partitions).orElse(0);
    }

    Placement at(int version) {
        var placement = byVersion.get(version);
        if (placement == null) throw new IllegalStateException("placement " + version + " is not known here yet");
        return placement;
    }

    /// The last step of a growth (LEDGER L5): new mail is placed on so many partitions.
    void raise(int partitions) throws IOException {
        publish(() -> {
            var now = latest();
            boolean stands = now.partitions() >= Math.max(partitions, most);
            return stands ? Optional.empty() : Optional.of(after(now, Math.max(partitions, most), now.spread()));
        });
    }

    private void publishIfNew(KafkaSettings kafka, Set<String> spread) throws IOException {
        publish(() -> {
            var now = last();
            if (now.isEmpty()) return Optional.of(new Placement(1, kafka.ownerPartitions(), spread));
            boolean stands = now.get().spread().equals(spread) && now.get().partitions() == most;
            return stands ? Optional.empty() : Optional.of(after(now.get(), most, spread));
        });
        if (kafka.ownerPartitions() > partitions()) {
            log.warn(
                    "mail is placed on {} partitions; for the {} of POSTMESH_OWNER_PARTITIONS run {}",
                    partitions(),
                    kafka.ownerPartitions(),
                    Growth.command(kafka, kafka.ownerPartitions()));
        }
    }

    private static Placement after(Placement last, int partitions, Set<String> spread) {
        return new Placement(last.version() + 1, partitions, spread);
    }

    /// @param wanted what to publish in view of what stands; empty: it may stand
    private void publish(Supplier<Optional<Placement>> wanted) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            var next = wanted.get();
            if (next.isEmpty()) return;
            config.write(KEY + next.get().version(), utf8(text(next.get())));
        }
        throw new IOException("others publish placements in " + Topics.CONFIG.topic() + " all the time; try again");
    }

    private void take(InRecord record) {
        if (record.key() == null || record.value() == null) return;
        var key = new String(record.key(), UTF_8);
        if (!key.startsWith(KEY)) return;
        int version = Integer.parseInt(key.substring(KEY.length()));
        var placement = parse(version, new String(record.value(), UTF_8));
        byVersion.put(version, placement);
        most = Math.max(most, placement.partitions());
    }

    private Optional<Placement> last() {
        return Optional.ofNullable(byVersion.lastEntry()).map(Map.Entry::getValue);
    }

    /// Two lines of text: `partitions=4` and `spread=gmail.com,outlook.com`.
    static String text(Placement placement) {
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
        config.close();
    }
}
