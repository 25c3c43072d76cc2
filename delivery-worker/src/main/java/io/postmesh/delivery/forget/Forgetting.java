package io.postmesh.delivery.forget;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the mesh forgets, in one place: the worker that owns partition 0 of `mail.signed` does it for everybody. There
/// is exactly one such worker wherever there are any, Kafka chooses it anew when it dies, and a delivery worker is the
/// only one who can read what the next owner will need.
public final class Forgetting implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Forgetting.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int SWEEP_FIRST = 2; // turns: a process restarted each night must sweep, too
    private static final int SWEEP_EVERY = 24 * 12; // turns: once a day

    private final Trimmer trimmer;
    private final BlobSweep blobs;
    private final BooleanSupplier isOurs;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("forgetting").factory());

    private int turns; // of this worker, on the thread alone

    private Forgetting(Trimmer trimmer, BlobSweep blobs, BooleanSupplier isOurs) {
        this.trimmer = trimmer;
        this.blobs = blobs;
        this.isOurs = isOurs;
    }

    /// @param trimmer closed with this
    /// @param isOurs  whether this worker is the one
    public static Forgetting begin(Trimmer trimmer, BlobSweep blobs, BooleanSupplier isOurs) {
        var forgetting = new Forgetting(trimmer, blobs, isOurs);
        forgetting.thread.scheduleWithFixedDelay(
                forgetting::turn, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return forgetting;
    }

    private void turn() {
        if (!isOurs.getAsBoolean()) return;
        try {
            trimmer.trim();
            if (++turns % SWEEP_EVERY == SWEEP_FIRST) blobs.sweep();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            log.error(
                    "nothing is forgotten this time: {}", bug.toString(), bug); // the next turn must come all the same
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        trimmer.close();
    }
}
