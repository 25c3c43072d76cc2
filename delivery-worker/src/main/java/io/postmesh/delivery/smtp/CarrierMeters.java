package io.postmesh.delivery.smtp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postmesh.delivery.outcome.Result;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.mail.SmtpReply;
import io.postmesh.runtime.ops.Buckets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What the carrier tells of remotes, by provider.
final class CarrierMeters {
    enum Phase {
        CONNECT,
        TLS,
        DATA
    }

    interface Talk<T, X extends Exception> {
        T happen() throws Setback, X;
    }

    private record Step(String provider, Phase phase) {}

    /// What came of it, as labels.
    private record End(String outcome, String codeClass) {
        /// What happens every day. Told from the start: a series that begins with its first event hides it from
        /// `rate()`.
        static final List<End> USUAL = List.of(
                new End("delivered", "2xx"),
                new End("deferred", "4xx"),
                new End("deferred", "none"),
                new End("failed", "5xx"),
                new End("failed", "none"));

        static Optional<End> of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Delivered(var reply) -> Optional.of(of("delivered", Optional.of(reply)));
                case Verdict.Failed failed -> Optional.of(of("failed", failed.reply()));
                case Verdict.Deferred deferred -> Optional.of(of("deferred", deferred.reply()));
                case Verdict.NotSent _ -> Optional.empty();
            };
        }

        private static End of(String outcome, Optional<SmtpReply> reply) {
            return new End(outcome, reply.map(said -> said.code() / 100 + "xx").orElse("none"));
        }
    }

    private record Attempted(String provider, End end) {}

    private final MeterRegistry registry;
    private final Providers providers;
    private final Map<Step, Timer> phases = new HashMap<>();
    private final Map<String, AtomicInteger> open = new HashMap<>();
    private final Map<Attempted, Counter> attempts = new ConcurrentHashMap<>();

    CarrierMeters(MeterRegistry registry, Providers providers) {
        this.registry = registry;
        this.providers = providers;
        for (var provider : providers.names()) {
            for (var phase : Phase.values()) phases.put(new Step(provider, phase), timer(provider, phase));
            for (var end : End.USUAL) attempts.computeIfAbsent(new Attempted(provider, end), this::counter);
            open.put(provider, gauge(provider));
        }
    }

    private Timer timer(String provider, Phase phase) {
        return Buckets.timer("postmesh_delivery_attempt_duration_seconds", Buckets.REMOTE)
                .description(
                        "How long remotes take, failures included: to connect, for TLS, from the first octet of the"
                                + " content to the answer to its dot. Rising for all: our network; for one: them.")
                .tag("provider", provider)
                .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private AtomicInteger gauge(String provider) {
        var count = new AtomicInteger();
        Gauge.builder("postmesh_delivery_connections_active", count, AtomicInteger::get)
                .description("Connections to remotes, those that rest between two mails included.")
                .tag("provider", provider)
                .strongReference(true)
                .register(registry);
        return count;
    }

    <T, X extends Exception> T timed(Host host, Phase phase, Talk<T, X> talk) throws Setback, X {
        long since = System.nanoTime();
        try {
            return talk.happen();
        } finally {
            var timer = phases.get(new Step(providers.of(host), phase));
            if (timer != null) timer.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
        }
    }

    void opened(Host host) {
        count(host, 1);
    }

    void closed(Host host) {
        count(host, -1);
    }

    private void count(Host host, int more) {
        var count = open.get(providers.of(host));
        if (count != null) count.addAndGet(more);
    }

    /// An attempt is over for these recipients. Who was not tried after all is not counted.
    void attempted(String provider, List<Result> results) {
        for (var result : results) {
            End.of(result.verdict())
                    .ifPresent(end -> attempts.computeIfAbsent(new Attempted(provider, end), this::counter)
                            .increment());
        }
    }

    private Counter counter(Attempted what) {
        return Counter.builder("postmesh_delivery_attempts_total")
                .description("Recipients attempted, by what came of it. code_class none: the remote said nothing.")
                .tag("provider", what.provider())
                .tag("outcome", what.end().outcome())
                .tag("code_class", what.end().codeClass())
                .register(registry);
    }
}
