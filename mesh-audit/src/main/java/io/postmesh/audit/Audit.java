package io.postmesh.audit;

import io.postmesh.audit.census.Census;
import io.postmesh.audit.census.Sheet;
import io.postmesh.audit.census.TooMany;
import io.postmesh.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// One audit: everybody accepted since a moment, and where each is (LEDGER L23).
public final class Audit {
    private final KafkaSettings kafka;
    private final AuditPlan plan;

    public Audit(KafkaSettings kafka, AuditPlan plan) {
        this.kafka = kafka;
        this.plan = plan;
    }

    /// Reads what is there now. Nobody is called missing before a second look, a pause after the first.
    ///
    /// @throws AuditRefused when the window is longer than Kafka's memory, or ours
    /// @throws IOException  when Kafka does not answer: then nothing is known
    public Sheet of(Duration since, Instant now) throws AuditRefused, IOException, InterruptedException {
        if (since.compareTo(plan.replayWindow()) > 0) throw AuditRefused.tooOld(tooOld(since, now));
        var from = now.minus(since);
        var census = new Census(plan.most());
        try (var shelves = Shelves.open(kafka)) {
            var look = new Look(shelves, census, from, now);
            look.look();
            if (census.missing() > 0) {
                Thread.sleep(plan.pause());
                look.look();
            }
            return new Sheet(
                    from.truncatedTo(ChronoUnit.MILLIS),
                    now.truncatedTo(ChronoUnit.MILLIS),
                    census.tally(),
                    census.missing(plan.named()),
                    look.unreadable(),
                    look.illegible());
        } catch (TooMany e) {
            throw AuditRefused.tooLarge(
                    e.getMessage() + "; ask for a shorter time, or give more memory (JAVA_OPTS=-Xmx2g)");
        }
    }

    private String tooOld(Duration since, Instant now) {
        return "outcomes are kept for the replay window of "
                + length(plan.replayWindow())
                + ", so nothing true can be said of mail accepted " + length(since)
                + " ago; the oldest possible time is "
                + now.minus(plan.replayWindow()).truncatedTo(ChronoUnit.SECONDS);
    }

    // In the unit people ask in.
    static String length(Duration time) {
        if (time.toHours() >= 48 && time.toHoursPart() + time.toMinutesPart() + time.toSecondsPart() == 0)
            return time.toDays() + " days";
        if (time.toMinutes() >= 120 && time.toMinutesPart() + time.toSecondsPart() == 0)
            return time.toHours() + " hours";
        return time.toMinutes() + " minutes";
    }
}
