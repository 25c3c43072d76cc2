package io.postmesh.delivery.owner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Action;
import io.postmesh.contract.BadRecord;
import io.postmesh.contract.ControlCodec;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.contract.Topics;
import io.postmesh.contract.Waiting;
import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.delivery.waiting.WaitingBodies;
import io.postmesh.embedded.EmbeddedKafka;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.blob.FolderBlobStore;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.MeshTopics;
import io.postmesh.runtime.kafka.OutRecord;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.WriterProfile;
import io.postmesh.runtime.kafka.Written;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Owners on a real Kafka, between made-up remotes and a ledger that can be held or cut.
final class Workshop implements AutoCloseable {
    /// Where all mail here goes.
    static final int PARTITION = 0;

    private static final Random RANDOM = new Random(17);

    private final ServiceRun parts = ServiceRun.named("workshop");
    final KafkaSettings kafka;
    private final MeshTopics topics;
    private final Path folder;
    /// What does not decode as a state, in the place of one.
    static final byte[] NO_STATE = {1, 2, 3};

    final TopicWriter writer;

    /// On so many partitions mail is placed, as far as workers know.
    volatile int partitions;

    Workshop(Path folder) throws Exception {
        this.folder = folder;
        var broker = parts.open(EmbeddedKafka.start(folder.resolve("kafka"), EmbeddedKafka.Options.FAST));
        kafka = KafkaSettings.oneNode(broker.bootstrap());
        topics = parts.open(MeshTopics.open(kafka, Set.of()));
        partitions = topics.placement().partitions();
        writer = parts.open(TopicWriter.open(kafka, "workshop", WriterProfile.LEDGER, new SimpleMeterRegistry()));
    }

    Commander commander() throws IOException {
        return Commander.open(kafka);
    }

    /// One of several records of the same mail, each for a next hop of its own.
    Mail part(MailId id, String destination, int first, String... to) {
        var headers = "From: <ann@sender.test>\r\nSubject: a test\r\n\r\n".getBytes(US_ASCII);
        var body = "Hello.\r\n".getBytes(US_ASCII);
        var whole = Papers.envelope(id, topics.placement(), headers.length + body.length, to);
        var recipients = whole.recipients().stream()
                .map(one -> new Recipient(first + one.position(), one.address()))
                .toList();
        var envelope = Papers.via(destination, Papers.with(whole, recipients));
        return new Mail(id, RecordCodec.encode(new MailRecord(envelope, Slice.of(headers), Slice.of(body))));
    }

    /// Keys of a compacted topic's one partition that have no tombstone.
    Set<String> keys(Topics topic) {
        var keys = new LinkedHashSet<String>();
        read(topic, record -> {
            var key = new String(record.key(), UTF_8);
            if (record.value() == null) keys.remove(key);
            else keys.add(key);
        });
        return keys;
    }

    /// A worker that has its partitions when this returns.
    Owner worker(LedgerLog log, Courier remotes, Clock clock, MeterRegistry meters, Duration wait) throws Exception {
        var lease = Lease.of(Owner.session(kafka));
        return worker("worker", log, remotes, lease, clock, meters, wait, Duration.ofSeconds(10));
    }

    /// Where a worker of this name keeps its indexes.
    Path index(String worker) {
        return folder.resolve("index").resolve(worker);
    }

    Lease lease(Clock clock) {
        return new Lease(Owner.session(kafka), System::nanoTime, clock);
    }

    /// @param dot how long a remote may take to answer the dot, also while the worker stops
    Owner worker(
            String name,
            LedgerLog log,
            Courier remotes,
            Lease lease,
            Clock clock,
            MeterRegistry meters,
            Duration wait,
            Duration dot)
            throws Exception {
        var bodies = WaitingBodies.open(kafka);
        var topic = WaitingTopic.open(kafka, clock);
        var indexes = Indexes.open(index(name));
        var blobs = FolderBlobStore.open(Files.createDirectories(folder.resolve("blobs")));
        var parts = new Owner.Parts(
                kafka,
                log,
                log,
                remotes,
                bodies,
                blobs,
                topic,
                indexes,
                new DeliveryMeters(meters, List.of(Providers.OTHER)),
                lease,
                Trace.untold(),
                clock);
        var config = new Owner.Config(
                name,
                new RetrySchedule(List.of(wait), Duration.ofDays(5)),
                new LaneBook.Limits(10, 250, Duration.ofSeconds(60), 4 << 20),
                index(name),
                16 << 20,
                List.of(Providers.OTHER),
                dot,
                dot);
        var owner = Owner.open(parts, config, () -> partitions, () -> {
            bodies.close();
            topic.close();
            indexes.close();
        });
        owner.joined().get(60, TimeUnit.SECONDS);
        return owner;
    }

    /// What the partitions of a worker share, without a worker. Its control was never opened, so it never knows what
    /// stands, and whoever takes over waits for it.
    Desk desk(LedgerLog log, Indexes indexes, WaitingBodies bodies, WaitingTopic topic, LaneBook lanes)
            throws IOException {
        var clock = Clock.systemUTC();
        var wait = Duration.ofSeconds(60);
        return new Desk(
                kafka,
                "one",
                log,
                lease(clock),
                new Remotes(),
                lanes,
                bodies,
                FolderBlobStore.open(Files.createDirectories(folder.resolve("blobs"))),
                topic,
                indexes,
                Runnable::run,
                Runnable::run,
                new RetrySchedule(List.of(wait), Duration.ofDays(5)),
                16 << 20,
                new DeliveryMeters(new SimpleMeterRegistry(), List.of()),
                wait,
                new Orders(),
                new Control(kafka, new Orders(), "one", log, Runnable::run, clock),
                Runnable::run,
                () -> partitions,
                Trace.untold(),
                clock);
    }

    /// A mail, written to `mail.signed` as often as asked.
    record Mail(MailId id, byte[] record) {}

    Mail mail(String... to) {
        return mailVia("one.test", to);
    }

    /// @param destination whose lane it waits in
    Mail mailVia(String destination, String... to) {
        var id = MailId.of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
        var headers = "From: <ann@sender.test>\r\nSubject: a test\r\n\r\n".getBytes(US_ASCII);
        var body = "Hello.\r\n".getBytes(US_ASCII);
        var envelope =
                Papers.via(destination, Papers.envelope(id, topics.placement(), headers.length + body.length, to));
        return new Mail(id, RecordCodec.encode(new MailRecord(envelope, Slice.of(headers), Slice.of(body))));
    }

    long arrives(Mail mail) throws Exception {
        return arrives(mail, PARTITION);
    }

    long arrives(Mail mail, int partition) throws Exception {
        return writer.send(new OutRecord(Topics.SIGNED, partition, null, mail.record(), List.of()))
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    /// An action nobody waits for an answer to.
    CompletableFuture<Written> stands(Action action) {
        var value = ControlCodec.encode(action);
        return writer.send(new OutRecord(Topics.CONTROL, 0, action.id().text().getBytes(UTF_8), value, List.of()));
    }

    /// What the ledger says of a mail.
    List<Outcome> outcomes(Mail mail) {
        var found = new ArrayList<Outcome>();
        read(Topics.OUTCOMES, record -> {
            var outcome = LedgerCodec.outcome(record.value());
            if (outcome.id().equals(mail.id())) found.add(outcome);
        });
        return found;
    }

    /// Positions with a final result, each as often as it has one.
    List<Integer> finals(Mail mail) {
        return outcomes(mail).stream()
                .filter(outcome -> outcome.kind().isFinal())
                .flatMap(outcome -> outcome.positions().stream())
                .sorted()
                .toList();
    }

    /// What compaction would leave of the waiting room.
    List<Waiting> waiting(Mail mail) {
        var states = new LinkedHashMap<String, Waiting>();
        read(Topics.WAITING, record -> {
            var key = new String(record.key(), UTF_8);
            if (record.value() == null) states.remove(key);
            else if (!Arrays.equals(record.value(), NO_STATE)) states.put(key, LedgerCodec.waiting(record.value()));
        });
        return states.values().stream().filter(w -> w.id().equals(mail.id())).toList();
    }

    /// Keys of bodies without a tombstone.
    Set<String> bodies(Mail mail) {
        var found = new LinkedHashMap<String, MailId>();
        read(Topics.WAITING_BODIES, record -> {
            var key = new String(record.key(), UTF_8);
            if (record.value() == null) found.remove(key);
            else found.put(key, RecordCodec.decode(record.value()).envelope().id());
        });
        found.values().removeIf(id -> !id.equals(mail.id()));
        return Set.copyOf(found.keySet());
    }

    /// What was committed for the partition, and where it ends.
    Optional<OffsetAndMetadata> committed() {
        try (var consumer = new KafkaConsumer<byte[], byte[]>(kafka.consumer("looker", Owner.GROUP))) {
            var where = new TopicPartition(Topics.SIGNED.topic(), PARTITION);
            return Optional.ofNullable(consumer.committed(Set.of(where)).get(where));
        }
    }

    /// As when a group was away for longer than Kafka remembers. Nobody may be a member of it.
    void forgetCommits() throws Exception {
        try (var admin = Admin.create(kafka.admin("forgetter"))) {
            admin.deleteConsumerGroups(List.of(Owner.GROUP)).all().get(30, TimeUnit.SECONDS);
        }
    }

    /// Somebody else writes into the waiting room.
    Written write(Topics topic, String key, byte @Nullable [] value) throws Exception {
        return write(topic, key, value, List.of());
    }

    /// A former owner writes after its time.
    void writeLate(Topics topic, String key, byte @Nullable [] value, int epoch) throws Exception {
        write(topic, key, value, List.of(Epochs.header(epoch)));
    }

    private Written write(Topics topic, String key, byte @Nullable [] value, List<Header> headers) throws Exception {
        return writer.send(new OutRecord(topic, PARTITION, key.getBytes(UTF_8), value, headers))
                .get(30, TimeUnit.SECONDS);
    }

    /// Nothing is left of `mail.waiting`, as when compaction has taken states and, after their time, tombstones.
    void forgetStates() throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.WAITING.topic());
        try (var admin = Admin.create(kafka.admin("compactor"))) {
            cleanup(admin, topic, "compact,delete"); // else Kafka deletes nothing at somebody's word
            var where = new TopicPartition(Topics.WAITING.topic(), PARTITION);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(
                            () -> { // the broker hears of it in its time
                                admin.deleteRecords(Map.of(where, RecordsToDelete.beforeOffset(-1)))
                                        .all()
                                        .get(30, TimeUnit.SECONDS);
                                return true;
                            });
            cleanup(admin, topic, "compact");
        }
    }

    private static void cleanup(Admin admin, ConfigResource topic, String policy) throws Exception {
        set(admin, topic, Map.of("cleanup.policy", policy));
    }

    private static void set(Admin admin, ConfigResource topic, Map<String, String> settings) throws Exception {
        var all = settings.entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(topic, all)).all().get(30, TimeUnit.SECONDS);
    }

    /// Kafka compacts this topic whenever it looks, as it would in a month: every write begins a new segment, and no
    /// tombstone is kept.
    void compactAtOnce(Topics topic) throws Exception {
        try (var admin = Admin.create(kafka.admin("compactor"))) {
            set(
                    admin,
                    new ConfigResource(ConfigResource.Type.TOPIC, topic.topic()),
                    Map.of(
                            "segment.ms", "1",
                            "min.compaction.lag.ms", "0",
                            "max.compaction.lag.ms", "1",
                            "delete.retention.ms", "0"));
        }
    }

    /// Keys of all values that still lie in a topic's one partition, also of those whose tombstone lies behind them.
    List<String> everyKey(Topics topic) {
        var keys = new ArrayList<String>();
        read(topic, record -> {
            if (record.value() != null) keys.add(new String(record.key(), UTF_8));
        });
        return keys;
    }

    /// States that came and went.
    void writeTombstones(int count) throws Exception {
        var written = new ArrayList<CompletableFuture<Written>>();
        for (int i = 0; i < count; i++) {
            var key = ("gone-" + i).getBytes(UTF_8);
            written.add(writer.send(new OutRecord(Topics.WAITING, PARTITION, key, (byte[]) null, List.of())));
            if (written.size() % 5_000 == 0) written.getLast().get(60, TimeUnit.SECONDS); // as much as it takes at once
        }
        for (var one : written) one.get(60, TimeUnit.SECONDS);
    }

    /// All members leave the group without knowing of it, as when Kafka has not heard of them for 9 s.
    void expelAll() throws Exception {
        try (var admin = Admin.create(kafka.admin("expeller"))) {
            admin.removeMembersFromConsumerGroup(Owner.GROUP, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /// Reasons why this mail was put into quarantine.
    List<String> quarantined(Mail mail) {
        var found = new ArrayList<String>();
        read(Topics.QUARANTINE, record -> {
            if (!RecordCodec.decode(record.value()).envelope().id().equals(mail.id())) return;
            found.add(new String(record.headers().lastHeader("reason").value(), UTF_8));
        });
        return found;
    }

    /// Every state of this mail that was ever written, tombstones left out.
    List<Waiting> everyState(Mail mail) {
        var found = new ArrayList<Waiting>();
        read(Topics.WAITING, record -> {
            if (record.value() == null) return;
            var state = LedgerCodec.waiting(record.value());
            if (state.id().equals(mail.id())) found.add(state);
        });
        return found;
    }

    /// Who wrote final results in all partitions, by mail.
    Map<MailId, List<String>> finals() {
        var found = new LinkedHashMap<MailId, List<String>>();
        for (int partition = 0; partition < kafka.ownerPartitions(); partition++) {
            try (var scan = new TopicScan(kafka, partition, () -> false)) {
                scan.read(Topics.OUTCOMES, partition, 0, record -> {
                    try {
                        var line = LedgerCodec.outcome(record.value());
                        if (!line.kind().isFinal()) return;
                        found.computeIfAbsent(line.id(), _ -> new ArrayList<>())
                                .add(line.by().worker());
                    } catch (BadRecord e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }
        return found;
    }

    long end() {
        try (var scan = new TopicScan(kafka, PARTITION, () -> false)) {
            return scan.end(Topics.SIGNED, PARTITION);
        }
    }

    private interface Each {
        void take(ConsumerRecord<byte[], byte[]> record) throws BadRecord;
    }

    private void read(Topics topic, Each each) {
        try (var scan = new TopicScan(kafka, PARTITION, () -> false)) {
            scan.read(topic, PARTITION, 0, record -> {
                try {
                    each.take(record);
                } catch (BadRecord e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    static Map<String, Long> headersOf(OutRecord record) {
        var headers = new LinkedHashMap<String, Long>();
        for (var header : record.headers()) {
            if (header.key().equals("epoch")) headers.put("epoch", Long.parseLong(new String(header.value(), UTF_8)));
        }
        return headers;
    }

    @Override
    public void close() {
        parts.close();
    }
}
