package io.postmesh.policy;

import io.postmesh.contract.Topics;
import io.postmesh.policy.checks.HouseRules;
import io.postmesh.policy.quota.SenderQuota;
import io.postmesh.policy.split.Splitter;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.kafka.StageSpec;
import io.postmesh.runtime.kafka.TransactionalStage;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.redis.LimitScope;
import io.postmesh.runtime.redis.RateLimiter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Policy, running: accepted mail in, cleared mail out.
public final class PolicyService {
    private static final Logger log = LoggerFactory.getLogger(PolicyService.class);

    private static final String NAME = "policy";

    /// The consumer groups it is a member of.
    public static final List<String> GROUPS = List.of(NAME);

    /// Of its user on Kafka.
    public static final Rights RIGHTS = Rights.LOOK
            .read(Topics.ACCEPTED)
            .write(Topics.CLEARED, Topics.OUTCOMES, Topics.EVENTS, Topics.QUARANTINE)
            .stage(NAME);

    // A decision takes microseconds; only a limit (Redis) or a shared body (fsync) makes one wait.
    private static final StageSpec STAGE = StageSpec.of(NAME, Topics.ACCEPTED, new StageSpec.Workers.Waiting(64));
    private static final int RECIPIENTS = 50; // half of what a receiver must take, RFC 5321 §4.5.3.1.8

    private final TransactionalStage stage;

    private PolicyService(TransactionalStage stage) {
        this.stage = stage;
    }

    public static PolicyService open(ServiceRun run, PolicyConfig config, Platform platform) {
        var desk = desk(config, platform);
        var stage = run.open(TransactionalStage.open(platform.kafka(), STAGE, platform.meters(), desk::handle));
        platform.health().live(NAME, stage::ended);
        platform.health().ready(NAME, stage::trouble);
        log.info(
                "policy decides by rule book {}: {}",
                config.rules().version(),
                config.rules().text());
        return new PolicyService(stage);
    }

    private static Desk desk(PolicyConfig config, Platform platform) {
        var judge = HouseRules.of(config.rules());
        var meters = new PolicyMeters(platform.meters(), judge.ruleNames());
        var splitter = new Splitter(config.route(), RECIPIENTS);
        return new Desk(
                judge,
                quota(config, platform),
                new Dispatch(splitter, new BodyShelf(platform.blobs()), meters),
                new Refusal(splitter, config.rules().senders()),
                meters,
                platform.trace(),
                platform.clock());
    }

    private static SenderQuota quota(PolicyConfig config, Platform platform) {
        return config.senderRate()
                .map(rate -> SenderQuota.shared(
                        new RateLimiter(platform.redis(), LimitScope.SENDER),
                        rate,
                        config.rules().longestDelay()))
                .orElse(SenderQuota.UNLIMITED);
    }

    /// Completes once the group has given policy its first partitions.
    public CompletableFuture<Void> joined() {
        return stage.joined();
    }
}
