package io.postmesh.signer;

import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.kafka.StageSpec;
import io.postmesh.runtime.kafka.TransactionalStage;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.signer.keys.CryptoProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signer at work.
public final class SignerService {
    private static final Logger log = LoggerFactory.getLogger(SignerService.class);
    private static final String NAME = "signer";

    /// The consumer groups it is a member of.
    public static final List<String> GROUPS = List.of(NAME);

    /// Of its user on Kafka.
    public static final Rights RIGHTS = Rights.LOOK
            .read(Topics.CLEARED)
            .write(Topics.SIGNED, Topics.EVENTS, Topics.QUARANTINE)
            .stage(NAME);

    private final TransactionalStage stage;

    private SignerService(TransactionalStage stage) {
        this.stage = stage;
    }

    public static SignerService open(ServiceRun run, SignerConfig config, Platform platform) {
        var keys = config.keys().keys();
        log.info(
                "{}: {} signs for {} domains from {}",
                NAME,
                CryptoProvider.name(),
                keys.domains().size(),
                config.keyFolder());
        config.keys().warnings().forEach(warning -> log.warn("{}: {}", NAME, warning));
        var seal = new Seal(
                keys,
                new MissingKeys(config.keyFolder()),
                SignerMeters.in(platform.meters()),
                platform.trace(),
                platform.clock());
        var stage = run.open(TransactionalStage.open(platform.kafka(), spec(), platform.meters(), seal));
        platform.health().live(NAME, stage::ended);
        platform.health().ready(NAME, stage::trouble);
        return new SignerService(stage);
    }

    // Signing is arithmetic: more threads than cores only wait for one another.
    private static StageSpec spec() {
        int cores = Runtime.getRuntime().availableProcessors();
        return StageSpec.of(NAME, Topics.CLEARED, new StageSpec.Workers.Computing(cores));
    }

    /// Completes once the service has its partitions.
    public CompletableFuture<Void> joined() {
        return stage.joined();
    }
}
