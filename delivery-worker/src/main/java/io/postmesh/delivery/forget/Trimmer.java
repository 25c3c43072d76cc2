package io.postmesh.delivery.forget;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.owner.ReplayNeed;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.ReplayWindow;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what is older than the replay window and committed by every reader (LEDGER L21). Time alone removes nothing.
///
/// Commits are asked for before anything else: they only grow, so what was committed then still is. Two trimmers
/// at once do no harm, each removes only what it has itself seen committed.
public final class Trimmer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Trimmer.class);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /// Compacted topics forget by their keys, quarantine by an operator, events by time.
    private static final Set<Topics> TRIMMED =
            EnumSet.of(Topics.ACCEPTED, Topics.CLEARED, Topics.SIGNED, Topics.OUTCOMES);

    private final Admin admin;
    private final Duration kept;
    private final Clock clock;
    private final TrimMeters meters;

    private Trimmer(Admin admin, Duration kept, MeterRegistry meters, Clock clock) {
        this.admin = admin;
        this.kept = kept;
        this.clock = clock;
        this.meters = new TrimMeters(meters, TRIMMED);
    }

    public static Trimmer open(KafkaSettings kafka, ReplayWindow window, MeterRegistry meters, Clock clock) {
        return new Trimmer(Admin.create(kafka.admin("trimmer")), window.kept(), meters, clock);
    }

    /// Once over all topics. What fails is left for the next time.
    public void trim() throws InterruptedException {
        try {
            var commits = new EnumMap<Reader, Map<TopicPartition, OffsetAndMetadata>>(Reader.class);
            for (var reader : Reader.values()) commits.put(reader, commits(reader));
            var partitions = partitions();
            for (var topic : TRIMMED) trim(topic, partitions.getOrDefault(topic, List.of()), commits);
        } catch (IOException | KafkaException e) {
            meters.failed();
            log.warn("nothing more is trimmed this time: {}", e.getMessage());
        }
    }

    private void trim(
            Topics topic, List<TopicPartition> partitions, Map<Reader, Map<TopicPartition, OffsetAndMetadata>> commits)
            throws IOException, InterruptedException {
        var ends = offsets(partitions, OffsetSpec.latest());
        var young = offsets(
                partitions, OffsetSpec.forTimestamp(clock.instant().minus(kept).toEpochMilli()));
        var begins = offsets(partitions, OffsetSpec.earliest());
        var orders = new HashMap<TopicPartition, RecordsToDelete>();
        long removed = 0;
        long held = 0;
        for (var where : partitions) {
            // Without a young record all that stood there when we asked for the end is old.
            long limit = offset(young, where) >= 0 ? offset(young, where) : offset(ends, where);
            var horizon = new Horizon(offset(begins, where), limit, needed(topic, where.partition(), commits));
            if (horizon.removed() > 0) orders.put(where, RecordsToDelete.beforeOffset(horizon.until()));
            removed += horizon.removed();
            held += horizon.held();
        }
        meters.held(topic, held);
        if (orders.isEmpty()) return;
        answer(admin.deleteRecords(orders).all());
        meters.trimmed(topic, removed);
        log.info("{} trimmed: records={} held={}", topic.topic(), removed, held);
    }

    /// The fixed list of readers, and from where each needs a partition still. Who never committed needs all of it.
    private static List<Long> needed(
            Topics topic, int partition, Map<Reader, Map<TopicPartition, OffsetAndMetadata>> commits) {
        var needed = new ArrayList<Long>();
        for (var reader : Reader.values()) {
            if (reader.topic() == topic) needed.add(committed(reader, partition, commits, OffsetAndMetadata::offset));
        }
        // The next owner of the partition reads its ledger from where the bookmark says (L17).
        if (topic == Topics.OUTCOMES) {
            needed.add(committed(
                    Reader.DELIVERY, partition, commits, commit -> ReplayNeed.outcomesFrom(commit.metadata())));
        }
        return needed;
    }

    private static long committed(
            Reader reader,
            int partition,
            Map<Reader, Map<TopicPartition, OffsetAndMetadata>> commits,
            Function<OffsetAndMetadata, Long> position) {
        var commit = commits.getOrDefault(reader, Map.of())
                .get(new TopicPartition(reader.topic().topic(), partition));
        return commit == null ? 0 : position.apply(commit);
    }

    private Map<TopicPartition, OffsetAndMetadata> commits(Reader reader) throws IOException, InterruptedException {
        return answer(admin.listConsumerGroupOffsets(reader.group()).partitionsToOffsetAndMetadata());
    }

    private Map<Topics, List<TopicPartition>> partitions() throws IOException, InterruptedException {
        var names = TRIMMED.stream().map(Topics::topic).toList();
        var shapes = answer(admin.describeTopics(names).allTopicNames());
        var partitions = new EnumMap<Topics, List<TopicPartition>>(Topics.class);
        for (var topic : TRIMMED) {
            var shape = shapes.get(topic.topic());
            if (shape == null) throw new IOException("Kafka says nothing about " + topic.topic());
            partitions.put(
                    topic,
                    shape.partitions().stream()
                            .map(partition -> new TopicPartition(topic.topic(), partition.partition()))
                            .toList());
        }
        return partitions;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws IOException, InterruptedException {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        for (var where : partitions) asked.put(where, spec);
        return answer(admin.listOffsets(asked).all());
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition where)
            throws IOException {
        var found = offsets.get(where);
        if (found == null) throw new IOException("Kafka says nothing about " + where);
        return found.offset();
    }

    private static <T> T answer(Future<T> asked) throws IOException, InterruptedException {
        try {
            return asked.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("Kafka says: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("Kafka does not answer", e);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE);
    }
}
