package io.postmesh.delivery.owner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.SpanContext;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.runtime.kafka.ReaderLag;
import io.postmesh.runtime.ops.Buckets;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.runtime.ops.Exemplars;
import io.postmesh.runtime.trace.Parent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;

/// What a delivery worker counts. Recipients are counted, not records: they are what is promised.
public final class DeliveryMeters {
    private final Counter attempts;
    private final Counter delivered;
    private final Counters<Reason> deferred;
    private final Counters<Reason> failed;
    private final Counter cancelled;
    private final Counter duplicates;
    private final Counter inDoubt;
    private final Counter poison;
    private final Counter unreadable;
    private final Counter stuck;
    private final Counter untold;
    private final Counter postponed;
    private final Counter indexLost;
    private final Counter handedOver;
    private final Counter condemned;
    private final Counter bounced;
    private final Counter expired;
    private final Map<String, Timer> firstAttempts = new ConcurrentHashMap<>();
    private final Timer atFirst;
    private final Timer later;
    private final MeterRegistry meters;

    /// @param providers all there can be
    public DeliveryMeters(MeterRegistry meters, List<String> providers) {
        this.meters = meters;
        attempts = counter(
                "postmesh_delivery_attempts_noted_total",
                "Attempts noted in the ledger. Rising without results: remotes hang, or the ledger is slow.");
        delivered = terminal("delivered");
        bounced = terminal("bounced");
        expired = terminal("expired");
        cancelled = terminal("cancelled");
        deferred = Counters.of(
                meters,
                "postmesh_delivery_deferred_total",
                "reason",
                Reason.class,
                "Recipients put off, by reason. A steady rise of tls or dns is ours to fix; greylisted is weather.");
        failed = Counters.of(
                meters,
                "postmesh_delivery_failed_total",
                "reason",
                Reason.class,
                "Recipients failed for good, by reason. A jump of refused: look at the replies before the lists do.");
        duplicates = counter(
                "postmesh_delivery_duplicates_dropped_total",
                "Recipients that came a second time and were dropped. More than a few after a restart: look upstream.");
        inDoubt = counter(
                "postmesh_delivery_in_doubt_total",
                "Recipients whose attempt a dead worker left without a result: they may have got the mail twice.");
        poison = counter(
                "postmesh_delivery_poison_total", "Records that do not decode, put into quarantine. Any at all: look.");
        unreadable = counter(
                "postmesh_delivery_unreadable_total",
                "Times a waiting mail could not be read back; it keeps its place. Any at all: look at the log.");
        postponed = counter(
                "postmesh_delivery_postponed_total",
                "Records that wait until everybody in the waiting room is known. Only after a start; it lasts seconds.");
        indexLost = counter(
                "postmesh_delivery_index_lost_total",
                "Times the index of waiting mail on the disk failed; it is read from Kafka again. Any at all: the disk.");
        stuck = counter(
                "postmesh_delivery_stuck_total",
                "Records that a defect of ours keeps open until their next owner. Any at all: look at the log.");
        untold = counter(
                "postmesh_delivery_untold_total",
                "Lines of other workers that a defect kept from being heard. Any at all: a recipient may get its mail twice.");
        handedOver = counter(
                "postmesh_delivery_handed_over_total",
                "Attempts past their dot whose partition went to another worker. Some at each start or stop of one.");
        condemned = counter(
                "postmesh_delivery_condemned_total",
                "Records put into quarantine because worker after worker died over them. Any at all: look at once.");
        for (var provider : providers) firstAttempts.put(provider, firstAttempt(provider));
        atFirst = delivered("first");
        later = delivered("later");
    }

    void attempted() {
        attempts.increment();
    }

    /// @param trace of its mail
    void happened(Outcome outcome, List<Header> trace) {
        Exemplars.during(span(trace), () -> happened(outcome));
    }

    private static Optional<SpanContext> span(List<Header> trace) {
        return Parent.of(trace).map(Parent::context);
    }

    private void happened(Outcome outcome) {
        int recipients = outcome.positions().size();
        switch (outcome.kind()) {
            case ATTEMPTED, HANDED_OVER -> {}
            case DELIVERED -> {
                delivered.increment(recipients);
                var took = Duration.between(outcome.about().acceptedAt(), outcome.at());
                var timer = outcome.by().attempt() <= 1 ? atFirst : later;
                for (int i = 0; i < recipients; i++) timer.record(took);
            }
            case DEFERRED -> deferred.count(outcome.reason(), recipients);
            case FAILED -> {
                failed.count(outcome.reason(), recipients);
                boolean isLate =
                        outcome.reason() == Reason.EXPIRED || outcome.reason().isOurs();
                (isLate ? expired : bounced).increment(recipients);
            }
            case CANCELLED -> cancelled.increment(recipients);
            case DROPPED_DUPLICATE -> duplicates.increment(recipients);
        }
    }

    void doubted(int mails) {
        inDoubt.increment(mails);
    }

    void poisoned() {
        poison.increment();
    }

    void unreadable(int times) {
        unreadable.increment(times);
    }

    void postponed() {
        postponed.increment();
    }

    void indexLost() {
        indexLost.increment();
    }

    void stuck() {
        stuck.increment();
    }

    void untold() {
        untold.increment();
    }

    void handedOver() {
        handedOver.increment();
    }

    void condemned() {
        condemned.increment();
    }

    void watch(Supplier<Number> waiting, Supplier<Number> talking, Supplier<Number> unfinished) {
        gauge(
                "postmesh_delivery_index_unfinished",
                "Partitions the older waiting mail of which is still being read from Kafka. For minutes: look at the log.",
                unfinished);
        gauge("postmesh_delivery_waiting", "Records in the waiting room of this worker, holds included.", waiting);
        gauge("postmesh_delivery_talking", "Conversations with remotes at this moment.", talking);
    }

    /// An attempt begins that nothing put off before: the mail was in nobody's hands but ours.
    void firstTried(String provider, Duration sinceAccepted, List<Header> trace) {
        var timer = firstAttempts.computeIfAbsent(provider, this::firstAttempt);
        Exemplars.during(span(trace), () -> timer.record(sinceAccepted));
    }

    private Timer firstAttempt(String provider) {
        return Buckets.timer("postmesh_message_time_to_first_attempt_seconds", Buckets.JOURNEY)
                .description("From our 250 to the first attempt, for mail nothing put off. Seconds: a stage or a"
                        + " destination's queue is slow.")
                .tag("provider", provider)
                .register(meters);
    }

    ReaderLag lag(String topic, String group) {
        return new ReaderLag(meters, topic, group);
    }

    MeterRegistry registry() {
        return meters;
    }

    private Timer delivered(String tries) {
        return Buckets.timer("postmesh_message_time_to_delivered_seconds", Buckets.JOURNEY)
                .description("From our 250 to the remote's, for each recipient. tries=first is the mesh and the remote;"
                        + " later is their deferrals.")
                .tag("tries", tries)
                .register(meters);
    }

    private Counter terminal(String result) {
        return Counter.builder("postmesh_messages_terminal_total")
                .description(
                        "Recipients that are done. A jump of bounced: look at the reasons; cancelled: an operator did it.")
                .tag("result", result)
                .register(meters);
    }

    private Counter counter(String name, String help) {
        return Counter.builder(name).description(help).register(meters);
    }

    private void gauge(String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(meters);
    }
}
