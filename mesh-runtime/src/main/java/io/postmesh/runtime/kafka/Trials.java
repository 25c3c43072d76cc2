package io.postmesh.runtime.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// Records that failed and will be tried again: one per partition, its partition waits meanwhile.
final class Trials {
    /// A record under suspicion is quarantined when it has failed so often.
    static final int SUSPECT = 5;

    private static final int MOST_DOUBLINGS = 6; // an hour for one record

    private static final long FIRST_WAIT_MS = 100;
    private static final long LONGEST_WAIT_MS = 10_000;

    private record Trial(long offset, int failures, long restUntil, boolean resting) {}

    private final Map<TopicPartition, Trial> trials = new HashMap<>();
    private int condemnedInARow;

    /// How often a record may fail before it is the one to blame. When one after the other fails and none succeeds it
    /// is more likely us: then each is given twice the tries of the last, so that a fault of ours does not send all
    /// mail to quarantine within seconds.
    int patience() {
        return SUSPECT << Math.min(condemnedInARow, MOST_DOUBLINGS);
    }

    void condemned() {
        condemnedInARow++;
    }

    void succeeded() {
        condemnedInARow = 0;
    }

    /// Counts one more failure of the record and lets its partition rest.
    ///
    /// @return how often it has failed by now
    int failed(TopicPartition partition, long offset, long now) {
        var before = trials.get(partition);
        int failures = before != null && before.offset == offset ? before.failures + 1 : 1;
        long wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(failures - 1, 20));
        trials.put(partition, new Trial(offset, failures, now + wait * 1_000_000, true));
        return failures;
    }

    /// Partitions whose rest is over; each is named once.
    Set<TopicPartition> rested(long now) {
        var rested = new HashSet<TopicPartition>();
        trials.replaceAll((partition, trial) -> {
            if (!trial.resting || trial.restUntil - now > 0) return trial;
            rested.add(partition);
            return new Trial(trial.offset, trial.failures, trial.restUntil, false);
        });
        return rested;
    }

    /// How long until the next rest is over, `most` at most.
    Duration nextRest(long now, Duration most) {
        return trials.values().stream()
                .filter(Trial::resting)
                .map(trial -> Duration.ofNanos(Math.max(0, trial.restUntil - now)))
                .filter(wait -> wait.compareTo(most) < 0)
                .min(Duration::compareTo)
                .orElse(most);
    }

    void committed(TopicPartition partition, long next) {
        var trial = trials.get(partition);
        if (trial != null && trial.offset < next) trials.remove(partition);
    }

    void forget(Collection<TopicPartition> partitions) {
        trials.keySet().removeAll(partitions);
    }
}
