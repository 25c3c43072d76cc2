package io.postmesh.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.audit.census.Place;
import io.postmesh.audit.census.Sheet;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The last audit as gauges; not a number before the first one, and where another process audits.
final class AuditMeters {
    private final MeterRegistry registry;
    private final Counter failures;
    private volatile @Nullable Sheet last;

    AuditMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        failures = Counter.builder("postmesh_audit_failures_total")
                .description("Audits that could not be made. Rising: nobody is looking; the log says why.")
                .register(registry);
        gauge(
                "postmesh_messages_unaccounted",
                "Accepted recipients found nowhere at the last audit. Any at all: mail is lost, the log names it.",
                sheet -> sheet.tally().missing());
        gauge(
                "postmesh_audit_accepted_recipients",
                "Recipients accepted in the window of the last audit.",
                sheet -> sheet.tally().recipients());
        gauge(
                "postmesh_audit_in_doubt_recipients",
                "Of these, attempted again after a worker died: at most so many got the mail twice.",
                sheet -> sheet.tally().inDoubt());
        gauge(
                "postmesh_audit_delivered_twice_recipients",
                "Of these, with more than one 250 of a remote in the ledger. More than were in doubt: report it.",
                sheet -> sheet.tally().twice());
        gauge(
                "postmesh_audit_unreadable_records",
                "Records of mail.accepted and mail.quarantine that are no mail. Any at all: look at them.",
                sheet -> sheet.unreadable() + sheet.illegible());
        gauge(
                "postmesh_audit_window_seconds",
                "How far the last audit looked back. Shorter than twice POSTMESH_AUDIT_EVERY: too many to count.",
                sheet -> seconds(Duration.between(sheet.from(), sheet.to())));
        gauge(
                "postmesh_audit_age_seconds",
                "How long ago the last audit was begun. Much more than POSTMESH_AUDIT_EVERY: see failures.",
                sheet -> seconds(Duration.between(sheet.to(), clock.instant())));
        for (var place : Place.values()) found(place);
    }

    void tell(Sheet sheet) {
        last = sheet;
    }

    void forget() {
        last = null;
    }

    void failed() {
        failures.increment();
    }

    private void found(Place place) {
        Gauge.builder(
                        "postmesh_audit_found_recipients",
                        () -> value(sheet -> sheet.tally().found(place)))
                .description("Where the last audit found them. Growing to_judge, to_sign, to_deliver: a stage is slow.")
                .tag("place", place.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private void gauge(String name, String help, ToDoubleFunction<Sheet> value) {
        Gauge.builder(name, () -> value(value)).description(help).register(registry);
    }

    private double value(ToDoubleFunction<Sheet> of) {
        var sheet = last;
        return sheet == null ? Double.NaN : of.applyAsDouble(sheet);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
