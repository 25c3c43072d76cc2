package io.postmesh.runtime.kafka;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges a batch before it is committed: which records are committed as they are, which go to quarantine, which wait.
final class Setbacks {
    private static final Logger log = LoggerFactory.getLogger(Setbacks.class);

    private final String stage;
    private final Trials trials;
    private final Commit commit;
    private final StageMeters meters;

    Setbacks(String stage, Trials trials, Commit commit, StageMeters meters) {
        this.stage = stage;
        this.trials = trials;
        this.commit = commit;
        this.meters = meters;
    }

    /// A record that failed waits with all that follows it in its partition; the other partitions go on.
    ///
    /// @return where reading goes on in each partition that rests now
    Map<TopicPartition, Long> setAside(Batch batch) {
        var firstFailed = new HashMap<TopicPartition, Long>();
        for (var work : batch.works()) {
            if (firstFailed.containsKey(work.from)) continue;
            if (result(work) instanceof Work.Result.Failed failed && !isCondemned(work, failed)) {
                firstFailed.put(work.from, work.record.offset());
            }
        }
        batch.cut(firstFailed);
        return firstFailed;
    }

    /// For a partition that does not exist Kafka's producer waits, and the whole batch with it. It may be on its way
    /// (LEDGER L5), so the record waits until it is there.
    private Work.Result result(Work work) {
        var result = work.await();
        if (!(result instanceof Work.Result.Done(var outputs))) return result;
        return outputs.stream()
                .filter(this::hasNoPlace)
                .findFirst()
                .<Work.Result>map(output -> new Work.Result.Failed(
                        new IOException(output.topic().topic() + " has no partition " + output.partition())))
                .orElse(result);
    }

    private boolean hasNoPlace(OutRecord output) {
        var partition = output.partition();
        return partition != null && partition >= commit.partitions(output.topic());
    }

    private boolean isCondemned(Work work, Work.Result.Failed failed) {
        int failures = trials.failed(work.from, work.record.offset(), System.nanoTime());
        meters.retried.increment();
        boolean condemned = failed.blamesTheRecord() && failures >= trials.patience();
        if (condemned) {
            trials.condemned();
            work.condemn("failed " + failures + " times: " + failed.cause());
        }
        log.warn(
                "stage {}: {}@{} failed for the {}. time, {}: {}",
                stage,
                work.from,
                work.record.offset(),
                failures,
                condemned ? "goes to quarantine" : "will be tried again",
                failed.cause().toString());
        return condemned;
    }
}
