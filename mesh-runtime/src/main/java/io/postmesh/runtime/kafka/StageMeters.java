package io.postmesh.runtime.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// What a stage tells.
final class StageMeters {
    /// Where one looks: a quick disk, a slow one, trouble.
    static final Duration[] STEPS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    final Counter done;
    final Counter quarantined;
    final Counter retried;
    final Counter aborted;
    private final Timer commit;
    private final DistributionSummary batch;
    final ReaderLag lag;

    StageMeters(MeterRegistry meters, String stage, String topic) {
        done = records(meters, stage, "done");
        quarantined = records(meters, stage, "quarantined");
        retried = records(meters, stage, "retried");
        aborted = Counter.builder("postmesh_stage_aborts")
                .description("Batches begun again. Some at each rebalance; steady: look at the brokers")
                .tag("stage", stage)
                .register(meters);
        commit = Timer.builder("postmesh_stage_commit")
                .description("Writing a batch and its offsets. Rising: slow disks or brokers")
                .tag("stage", stage)
                .serviceLevelObjectives(STEPS)
                .register(meters);
        batch = DistributionSummary.builder("postmesh_stage_batch_records")
                .description("Records in a batch. At the limit for long: the stage is the bottleneck")
                .tag("stage", stage)
                .register(meters);
        lag = new ReaderLag(meters, topic, stage);
    }

    void committed(int records, Duration took) {
        batch.record(records);
        commit.record(took);
    }

    private static Counter records(MeterRegistry meters, String stage, String result) {
        return Counter.builder("postmesh_stage_records")
                .description("Records by result. quarantined: look into mail.quarantine; retried: see the log")
                .tag("stage", stage)
                .tag("result", result)
                .register(meters);
    }
}
