package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/// Edges of histograms. Each objective of docs/metrics.md is an edge, so that its share is counted and not guessed.
public final class Buckets {
    /// Work inside the mesh: microseconds when all is well.
    public static final Duration[] WORK = millis(1, 5, 10, 25, 50, 100, 250, 1_000, 5_000);

    /// A remote is waited for.
    public static final Duration[] REMOTE =
            millis(25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);

    /// A mail is on its way. Objectives: 5 s to the first attempt, 10 s to the end.
    public static final Duration[] JOURNEY =
            millis(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000, 86_400_000);

    private Buckets() {}

    /// A histogram with these edges and no other.
    public static Timer.Builder timer(String name, Duration[] edges) {
        return Timer.builder(name).serviceLevelObjectives(edges);
    }

    private static Duration[] millis(long... edges) {
        return Arrays.stream(edges).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
