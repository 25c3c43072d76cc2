package io.postmesh.delivery.owner;

import io.postmesh.contract.Answer;
import io.postmesh.delivery.control.Orders;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.outcome.Courier;
import io.postmesh.delivery.waiting.Indexes;
import io.postmesh.delivery.waiting.RetrySchedule;
import io.postmesh.delivery.waiting.WaitingBodies;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.kafka.KafkaSettings;
import io.postmesh.runtime.kafka.TopicWriter;
import io.postmesh.runtime.kafka.WriterProfile;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.trace.Trace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Owns some partitions of `mail.signed`, and with them their part of the ledger and of the waiting room (LEDGER L5).
public final class Owner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Owner.class);

    /// The consumer group of all delivery workers.
    public static final String GROUP = "mail-delivery";

    private static final int GATHERERS = 2;
    private static final Duration TICK = Duration.ofMillis(100);

    /// @param worker     name in the ledger
    /// @param index      folder of this worker's indexes of waiting mail
    /// @param budget     octets one partition may hold in memory
    /// @param providers  all that metrics tell apart
    /// @param dot        how long a remote may take to answer the final dot
    /// @param stopWithin how long attempts past their dot may take when the worker stops
    public record Config(
            String worker,
            RetrySchedule schedule,
            LaneBook.Limits lanes,
            Path index,
            long budget,
            List<String> providers,
            Duration dot,
            Duration stopWithin) {}

    /// What a test puts in the place of the real thing.
    ///
    /// @param answers where operators are answered: apart from the ledger, which must not wait for it
    record Parts(
            KafkaSettings kafka,
            LedgerLog log,
            LedgerLog answers,
            Courier courier,
            WaitingBodies bodies,
            BlobStore blobs,
            WaitingTopic topic,
            Indexes indexes,
            DeliveryMeters meters,
            Lease lease,
            Trace trace,
            Clock clock) {}

    private final LaneBook lanes;
    private final LedgerLog ledger;
    private final ExecutorService side = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("owner-side-", 0).factory());
    private final ExecutorService gatherers = Executors.newFixedThreadPool(
            GATHERERS, Thread.ofPlatform().daemon().name("gatherer-", 0).factory());
    private final ExecutorService sweeper = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("body-sweep-", 0).factory());
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("delivery-ticks").factory());
    private final Control control;
    private final Membership membership;
    private final IntSupplier partitions;
    private final AutoCloseable below;

    /// Opens everything an owner needs of Kafka and joins the group.
    public static Owner open(Platform platform, Config config, Courier courier) {
        var below = ServiceRun.named("owner");
        var writer = below.open(
                TopicWriter.open(platform.kafka(), "delivery-ledger", WriterProfile.LEDGER, platform.meters()));
        var answers = below.beside(
                TopicWriter.open(platform.kafka(), "delivery-answers", WriterProfile.NOTES, platform.meters()));
        var bodies = below.beside(WaitingBodies.open(platform.kafka()));
        var topic = below.beside(WaitingTopic.open(platform.kafka(), platform.clock()));
        var indexes = below.beside(Indexes.open(config.index()));
        var parts = new Parts(
                platform.kafka(),
                LedgerLog.of(writer),
                LedgerLog.of(answers),
                courier,
                bodies,
                platform.blobs(),
                topic,
                indexes,
                new DeliveryMeters(platform.meters(), config.providers()),
                Lease.of(session(platform.kafka())),
                platform.trace(),
                platform.clock());
        return open(parts, config, platform.topics()::partitions, below);
    }

    /// After so much silence Kafka gives our partitions to others (L13).
    static Duration session(KafkaSettings kafka) {
        return Duration.ofMillis((Integer) kafka.consumer("delivery", GROUP).getOrDefault("session.timeout.ms", 0));
    }

    /// @param partitions on which mail is placed (LEDGER L5)
    static Owner open(Parts parts, Config config, IntSupplier partitions, AutoCloseable below) {
        var owner = new Owner(parts, config, partitions, below);
        owner.control.open();
        owner.membership.begin();
        owner.ticks.scheduleWithFixedDelay(owner::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        return owner;
    }

    private Owner(Parts parts, Config config, IntSupplier partitions, AutoCloseable below) {
        this.below = below;
        this.partitions = partitions;
        this.ledger = parts.log();
        this.lanes = new LaneBook(
                config.lanes(),
                parts.clock(),
                () -> !Ledger.isBehind(ledger)
                        && ledger.trouble().isEmpty()
                        && parts.lease().isGood());
        var orders = new Orders();
        this.control = new Control(parts.kafka(), orders, config.worker(), parts.answers(), side, parts.clock());
        var desk = new Desk(
                parts.kafka(),
                config.worker(),
                ledger,
                parts.lease(),
                parts.courier(),
                lanes,
                parts.bodies(),
                parts.blobs(),
                parts.topic(),
                parts.indexes(),
                gatherers,
                sweeper,
                config.schedule(),
                config.budget(),
                parts.meters(),
                config.dot(),
                orders,
                control,
                side,
                partitions,
                parts.trace(),
                parts.clock());
        this.membership = new Membership(desk, config.stopWithin());
        parts.meters().watch(this::waiting, lanes::talking, this::unfinished);
        QueueMeters.watch(
                parts.meters().registry(),
                config.providers(),
                new QueueMeters.Sight(
                        this::queued,
                        this::runnable,
                        lanes::traffic,
                        () -> orders.standing().size(),
                        parts.clock()));
    }

    /// Completes when the group has given this worker its first partitions, possibly none.
    public CompletableFuture<Void> joined() {
        return membership.joined();
    }

    /// What only a restart mends, for [io.postmesh.runtime.ops.Health].
    public Optional<String> ended() {
        return membership.ended();
    }

    /// Whether this worker owns the first partition: in all the group there is one who does, or nobody.
    public boolean ownsFirst() {
        return membership.owned().stream().anyMatch(owner -> owner.partition() == 0);
    }

    /// What keeps the worker from working, for [io.postmesh.runtime.ops.Health].
    public Optional<String> trouble() {
        if (Ledger.isBehind(ledger)) return Optional.of("the ledger is not acknowledged, so no attempt starts");
        return ledger.trouble().or(control::trouble).or(membership::trouble);
    }

    /// Ends attempts before their dot, waits a while for the others, commits and leaves the group.
    @Override
    public void close() throws Exception {
        ticks.shutdownNow();
        control.stop();
        membership.end();
        control.close();
        stopThreads();
        below.close();
    }

    /// Ends as a kill would, and is removed from the group at once, as a predecessor on one node is (L24).
    void kill() throws Exception {
        kill(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }

    /// Ends as a kill would: nothing more is finished or committed, and nobody tells the group.
    void vanish() throws Exception {
        kill(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP);
    }

    private void kill(CloseOptions.GroupMembershipOperation membersEnd) throws Exception {
        ticks.shutdownNow();
        stopThreads();
        membership.kill(membersEnd);
        control.close();
        below.close();
    }

    private void stopThreads() {
        lanes.close();
        side.shutdownNow();
        gatherers.shutdownNow();
        sweeper.shutdownNow();
    }

    private void tick() {
        try {
            lanes.among(workers());
            lanes.tick();
            for (var owner : membership.owned()) owner.tick();
            control.tick(ownsFirst());
        } catch (RuntimeException bug) {
            log.error("a tick failed: {}", bug.toString(), bug); // the next one must come all the same
        }
    }

    // Kafka shares partitions out evenly, also when Redis is away: who has a third of them is one of three, and the
    // parts of all add up to the whole.
    private int workers() {
        int owned = Math.max(1, membership.owned().size());
        return Math.max(1, Math.ceilDiv(partitions.getAsInt(), owned));
    }

    private Roll.Group queued(Answer.Place place) {
        return membership.owned().stream()
                .map(owner -> owner.queued(place))
                .reduce(Roll.Group.NOBODY, Roll.Group::plus);
    }

    private long runnable() {
        return lanes.traffic().startable()
                + membership.owned().stream()
                        .mapToLong(PartitionOwner::runnable)
                        .sum();
    }

    private long unfinished() {
        return membership.owned().stream().filter(owner -> !owner.isWhole()).count();
    }

    private int waiting() {
        return membership.owned().stream().mapToInt(PartitionOwner::waiting).sum();
    }
}
