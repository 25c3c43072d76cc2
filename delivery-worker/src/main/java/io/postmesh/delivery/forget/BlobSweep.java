package io.postmesh.delivery.forget;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.ReplayWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes blobs that nothing names any more (LEDGER L22): mark and sweep, never by age alone.
///
/// A blob older than the replay window is a candidate. It stays when any record names it that can still be read in
/// accepted, cleared, signed, the bodies of waiting mail, or quarantine. They are read in the order in which mail
/// walks, so a record that moves on meanwhile is met where it was or where it went. Nothing is read while nothing
/// is old.
public final class BlobSweep {
    private static final Logger log = LoggerFactory.getLogger(BlobSweep.class);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STANDSTILL = Duration.ofSeconds(30);
    private static final int AT_ONCE = 100_000; // 15 MB of names; the rest another time
    private static final int FETCH = 8 << 20;
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");
    private static final List<Topics> NAMING =
            List.of(Topics.ACCEPTED, Topics.CLEARED, Topics.SIGNED, Topics.WAITING_BODIES, Topics.QUARANTINE);

    private final KafkaSettings kafka;
    private final BlobStore blobs;
    private final Duration kept;
    private final Clock clock;
    private final Counter swept;
    private final Counter octets;
    private final Counter failures;

    public BlobSweep(KafkaSettings kafka, BlobStore blobs, ReplayWindow window, MeterRegistry meters, Clock clock) {
        this.kafka = kafka;
        this.blobs = blobs;
        this.kept = window.kept();
        this.clock = clock;
        swept = counter(meters, "postmesh_blobs_swept_total", "Blobs removed: old, and named by no record any more.");
        octets = counter(meters, "postmesh_blobs_swept_bytes_total", "Bytes of the blobs removed.");
        failures = counter(
                meters,
                "postmesh_blobs_sweep_failures_total",
                "Sweeps that ended early. Rising: disks fill; see the log.");
    }

    /// Once over all blobs. When not everything could be read nothing is removed.
    public void sweep() {
        try {
            var candidates = old(clock.instant().minus(kept));
            if (candidates.isEmpty()) return;
            keepNamed(candidates);
            blobs.confirm(); // candidates of another store would be named by no record of ours
            for (var blob : candidates.entrySet()) remove(blob.getKey(), blob.getValue());
            log.info("blobs swept: removed={}", candidates.size());
        } catch (IOException | UncheckedIOException | KafkaException e) {
            failures.increment();
            log.warn("blobs are swept another day: {}", e.toString());
        }
    }

    private void remove(String key, long bytes) throws IOException {
        blobs.delete(key);
        swept.increment();
        octets.increment(bytes);
    }

    private Map<String, Long> old(Instant before) throws IOException {
        var candidates = new HashMap<String, Long>();
        try (var all = blobs.list()) {
            all.filter(blob -> blob.since().isBefore(before))
                    .limit(AT_ONCE)
                    .forEach(blob -> candidates.put(blob.key(), blob.bytes()));
        }
        return candidates;
    }

    // Records of open and of aborted transactions count, too: they keep too much at worst.
    private void keepNamed(Map<String, Long> candidates) throws IOException {
        var properties = kafka.consumer("blob-sweep", "");
        properties.put("isolation.level", "read_uncommitted");
        properties.put("fetch.max.bytes", FETCH);
        properties.put("max.partition.fetch.bytes", FETCH / 2);
        try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
            for (var topic : NAMING) {
                for (var info : consumer.partitionsFor(topic.topic(), ANSWER)) {
                    if (candidates.isEmpty()) return;
                    keepNamed(candidates, consumer, new TopicPartition(info.topic(), info.partition()));
                }
            }
        }
    }

    private static void keepNamed(
            Map<String, Long> candidates, KafkaConsumer<byte[], byte[]> consumer, TopicPartition where)
            throws IOException {
        consumer.assign(List.of(where));
        consumer.seekToBeginning(List.of(where));
        long end = consumer.endOffsets(List.of(where), ANSWER).getOrDefault(where, 0L);
        long moved = System.nanoTime();
        for (long at = consumer.position(where, ANSWER), next; at < end; at = next) {
            for (var record : consumer.poll(POLL)) keepNamed(candidates, record);
            next = consumer.position(where, ANSWER);
            if (next != at) moved = System.nanoTime();
            if (System.nanoTime() - moved > STANDSTILL.toNanos())
                throw new IOException("Kafka gives no more of " + where + " at " + at + " of " + end);
        }
    }

    private static void keepNamed(Map<String, Long> candidates, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return;
        try {
            RecordCodec.decode(record.value())
                    .envelope()
                    .content()
                    .body()
                    .blob()
                    .ifPresent(candidates::remove);
        } catch (BadRecord unreadable) {
            // Somebody may mend it yet: whatever in it looks like a key stays.
            var keys = KEY.matcher(new String(record.value(), ISO_8859_1));
            for (int from = 0; keys.find(from); from = keys.start() + 1) candidates.remove(keys.group());
        }
    }

    private static Counter counter(MeterRegistry meters, String name, String help) {
        return Counter.builder(name).description(help).register(meters);
    }
}
