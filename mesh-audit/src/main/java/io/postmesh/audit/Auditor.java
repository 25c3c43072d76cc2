package io.postmesh.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postmesh.audit.census.Sheet;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Audits at intervals and tells the result as gauges, and the missing by name in the log. Each window is twice the
/// interval (10 minutes at least), so everybody is looked for at least twice; a window with too many recipients is
/// halved until it fits.
public final class Auditor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Auditor.class);

    /// 48 MB at most beside the mail of the node.
    private static final int MOST = 500_000;

    private static final Duration LEAST = Duration.ofMinutes(10);
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final Audit audit;
    private final AuditConfig config;
    private final Clock clock;
    private final BooleanSupplier isOnDuty;
    private final AuditMeters meters;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
            .daemon()
            .name("auditor")
            .priority(Thread.MIN_PRIORITY)
            .factory());

    private Auditor(
            KafkaSettings kafka, AuditConfig config, MeterRegistry registry, Clock clock, BooleanSupplier isOnDuty) {
        this.audit = new Audit(kafka, AuditPlan.of(config.replayWindow(), MOST));
        this.config = config;
        this.clock = clock;
        this.isOnDuty = isOnDuty;
        var told =
                config.every().isZero() ? new CompositeMeterRegistry() : registry; // figures of none would call for one
        this.meters = new AuditMeters(told, clock);
    }

    /// @param isOnDuty true in one process of the mesh; the others audit nothing and tell nothing
    public static Auditor open(
            KafkaSettings kafka, AuditConfig config, MeterRegistry registry, Clock clock, BooleanSupplier isOnDuty) {
        var auditor = new Auditor(kafka, config, registry, clock, isOnDuty);
        long every = config.every().toMillis();
        if (every > 0) {
            var _ = auditor.thread.scheduleWithFixedDelay(auditor::run, every, every, TimeUnit.MILLISECONDS);
        }
        return auditor;
    }

    private void run() {
        if (!isOnDuty.getAsBoolean()) {
            meters.forget(); // another one's word holds now
            return;
        }
        var window = config.every().multipliedBy(2);
        if (window.compareTo(LEAST) < 0) window = LEAST;
        if (window.compareTo(config.replayWindow()) > 0) window = config.replayWindow();
        try {
            tell(fitting(window), window);
        } catch (IOException | AuditRefused e) {
            if (thread.isShutdown()) return;
            meters.failed();
            log.warn("no audit this time: {}", e.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            meters.failed();
            log.error("no audit this time: {}", bug.toString(), bug); // the next one must come all the same
        }
    }

    private Sheet fitting(Duration window) throws IOException, AuditRefused, InterruptedException {
        for (var shorter = window; ; shorter = shorter.dividedBy(2)) {
            try {
                return audit.of(shorter, clock.instant());
            } catch (AuditRefused e) {
                if (!e.isLarge() || shorter.compareTo(SHORTEST) < 0) throw e;
            }
        }
    }

    private void tell(Sheet sheet, Duration window) {
        meters.tell(sheet);
        for (var who : sheet.missing())
            log.error("{} accepted and found nowhere position={}", who.id(), who.position());
        log.info(
                "audit: recipients={} missing={} in-doubt={} asked-for={} from={}",
                sheet.tally().recipients(),
                sheet.tally().missing(),
                sheet.tally().inDoubt(),
                window,
                sheet.from());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
