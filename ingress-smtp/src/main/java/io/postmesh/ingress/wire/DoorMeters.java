package io.postmesh.ingress.wire;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postmesh.ingress.session.Remark;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Every meter of ingress-smtp, with what to do when it moves. Labels come from [Remark] only.
public final class DoorMeters {
    private final Counter connections;
    private final Counter accepted;
    private final Counter recipients;
    private final Counter octets;
    private final Counter stored;
    private final Counter faults;
    private final Timer acknowledged;
    private final DistributionSummary size;
    private final Map<Remark, Counter> refused = new EnumMap<>(Remark.class);

    public DoorMeters(MeterRegistry registry, Census census) {
        Gauge.builder("postmesh_ingress_connections", census, Census::open)
                .description("SMTP connections open at this moment.")
                .register(registry);
        connections = Counter.builder("postmesh_ingress_connections_accepted")
                .description("SMTP connections since start. A jump without mail is someone probing.")
                .register(registry);
        accepted = Counter.builder("postmesh_ingress_messages_accepted")
                .description("Messages answered with 250. Flat while clients send: look at postmesh_ingress_refused.")
                .register(registry);
        recipients = Counter.builder("postmesh_ingress_recipients_accepted")
                .description("Recipients of accepted messages.")
                .register(registry);
        octets = Counter.builder("postmesh_ingress_octets")
                .description("Octets of accepted messages, as received.")
                .register(registry);
        stored = Counter.builder("postmesh_ingress_octets_stored")
                .description("Octets of their records; much less than postmesh_ingress_octets is compression at work.")
                .register(registry);
        faults = Counter.builder("postmesh_ingress_faults")
                .description("Sessions ended by an error of ours; any is a bug, its stack is in the log.")
                .register(registry);
        acknowledged = Timer.builder("postmesh_ingress_ack")
                .description("From the final dot to Kafka's acknowledgement. Seconds mean slow disks or brokers.")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
        size = DistributionSummary.builder("postmesh_ingress_message_octets")
                .description("Sizes of accepted messages.")
                .register(registry);
        for (var remark : Remark.values()) {
            refused.put(
                    remark,
                    Counter.builder("postmesh_ingress_refused")
                            .description("Negative replies. store, memory: ours to fix; others: the clients'.")
                            .tag("reason", remark.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void connected() {
        connections.increment();
    }

    void refused(Remark remark) {
        var counter = refused.get(remark);
        if (counter != null) counter.increment();
    }

    void fault() {
        faults.increment();
    }

    /// A message is durable.
    public void accepted(int recipientCount, long messageOctets, long recordOctets, Duration sinceDot) {
        accepted.increment();
        recipients.increment(recipientCount);
        octets.increment(messageOctets);
        stored.increment(recordOctets);
        size.record(messageOctets);
        acknowledged.record(sinceDot);
    }
}
