package io.postmesh.delivery;

import io.postmesh.contract.Reader;
import io.postmesh.contract.Topics;
import io.postmesh.delivery.bounce.BounceService;
import io.postmesh.delivery.bounce.BounceWriter;
import io.postmesh.delivery.forget.BlobSweep;
import io.postmesh.delivery.forget.Forgetting;
import io.postmesh.delivery.forget.Trimmer;
import io.postmesh.delivery.lane.LaneBook;
import io.postmesh.delivery.lane.RedisLimits;
import io.postmesh.delivery.lane.SharedLimits;
import io.postmesh.delivery.owner.Owner;
import io.postmesh.delivery.smtp.Carrier;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.kafka.StageSpec;
import io.postmesh.runtime.kafka.TransactionalStage;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.redis.SlotLeases;
import io.postmesh.runtime.redis.TokenLeases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;

/// Delivery, running: signed mail in, outcomes and waiting mail out, failures back to the front door.
public final class DeliveryService {
    private static final String BOUNCER = "bouncer";

    /// The consumer groups it is a member of.
    public static final List<String> GROUPS = List.of(Owner.GROUP, BOUNCER);

    /// Of its user on Kafka: its own work, what the bouncer does, the trimmer's, the sweep's and the audit's.
    public static final Rights RIGHTS = Rights.LOOK
            .read(Topics.SIGNED, Topics.OUTCOMES, Topics.WAITING, Topics.WAITING_BODIES, Topics.CONTROL, Topics.ANSWERS)
            .read(Topics.ACCEPTED, Topics.CLEARED, Topics.QUARANTINE)
            .write(Topics.OUTCOMES, Topics.WAITING, Topics.WAITING_BODIES, Topics.CONTROL, Topics.ANSWERS)
            .write(Topics.ACCEPTED, Topics.QUARANTINE)
            .trim(Topics.ACCEPTED, Topics.CLEARED, Topics.SIGNED, Topics.OUTCOMES)
            .group(AclOperation.READ, Owner.GROUP)
            .stage(BOUNCER)
            .group(AclOperation.DESCRIBE, Reader.POLICY.group())
            .group(AclOperation.DESCRIBE, Reader.SIGNER.group());

    private static final Duration PATIENCE = Duration.ofSeconds(60); // LEDGER L12
    private static final int SHARES =
            4; // one slow destination, of all partitions together, holds a quarter of one's memory

    // Nearly every outcome is none of its business, and no sender waits for a report: few, large transactions.
    private static final StageSpec BOUNCES =
            new StageSpec(BOUNCER, Topics.OUTCOMES, new StageSpec.Workers.Computing(1), 5_000, Duration.ofMillis(500));

    private final Owner owner;
    private final TransactionalStage bouncer;

    private DeliveryService(Owner owner, TransactionalStage bouncer) {
        this.owner = owner;
        this.bouncer = bouncer;
    }

    public static DeliveryService open(ServiceRun run, DeliveryConfig config, Platform platform) {
        var carrier = run.open(Carrier.open(platform.vertx(), config.carrier(), platform.meters()));
        var owner = run.open(Owner.open(platform, ownerConfig(config, platform, carrier), carrier));
        platform.health().live("delivery", owner::ended);
        platform.health().ready("delivery", owner::trouble);
        var bounces = new BounceService(
                new BounceWriter(config.carrier().hello()),
                platform.topics()::placement,
                platform.trace(),
                platform.meters());
        var bouncer = run.beside(TransactionalStage.open(platform.kafka(), BOUNCES, platform.meters(), bounces));
        platform.health().live(BOUNCER, bouncer::ended);
        platform.health().ready(BOUNCER, bouncer::trouble);
        run.beside(Forgetting.begin(trimmer(config, platform), sweep(config, platform), owner::ownsFirst));
        return new DeliveryService(owner, bouncer);
    }

    private static Trimmer trimmer(DeliveryConfig config, Platform platform) {
        return Trimmer.open(platform.kafka(), config.replayWindow(), platform.meters(), platform.clock());
    }

    private static BlobSweep sweep(DeliveryConfig config, Platform platform) {
        return new BlobSweep(
                platform.kafka(), platform.blobs(), config.replayWindow(), platform.meters(), platform.clock());
    }

    private static Owner.Config ownerConfig(DeliveryConfig config, Platform platform, Carrier carrier) {
        var lanes = new LaneBook.Limits(
                config.connections(),
                config.attempts(),
                PATIENCE,
                config.buffer() / SHARES,
                config.carrier().timeouts().idle(),
                Optional.of(shared(config, platform, carrier)));
        return new Owner.Config(
                platform.kafka().instance(),
                config.schedule(),
                lanes,
                config.index().resolve(platform.kafka().instance()),
                config.buffer(),
                config.carrier().providers().names(),
                config.carrier().timeouts().content(),
                config.stopWithin());
    }

    private static SharedLimits shared(DeliveryConfig config, Platform platform, Carrier carrier) {
        var worker = platform.kafka().instance();
        return new RedisLimits(
                config.rates(),
                new SlotLeases(platform.redis(), worker, platform.meters()),
                new TokenLeases(platform.redis(), platform.meters()),
                carrier::letGo);
    }

    /// Whether this process has the first partition, and so does what one of all workers is to do.
    public boolean ownsFirst() {
        return owner.ownsFirst();
    }

    /// Completes once both groups have given this process its first partitions.
    public CompletableFuture<Void> joined() {
        return CompletableFuture.allOf(owner.joined(), bouncer.joined());
    }
}
