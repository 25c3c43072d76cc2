package io.postmesh.ingress.wire;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Remark;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.State;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/// Every meter of ingress-smtp, with what to do when it moves. Labels come from enums and our own replies' codes only.
public final class DoorMeters {
    private static final Tags LISTENER = Tags.of("listener", "smtp");
    private static final Tags VIA = Tags.of("via", "smtp");

    /// A client waits so long for its 250. The objective is one of the edges: 250 ms.
    private static final Duration[] WAITS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final double[] SIZES = {1 << 10, 10 << 10, 100 << 10, 1 << 20, 10 << 20, 25 << 20, 50 << 20};

    /// How far a conversation had come when it was refused something.
    enum Stage {
        CONNECT,
        HELLO,
        MAIL,
        RCPT,
        DATA;

        static Stage of(State state) {
            return switch (state) {
                case State.Connected _ -> HELLO;
                case State.Ready _, State.Asking _ -> MAIL;
                case State.Addressing _ -> RCPT;
                case State.DataRefused _, State.Receiving _ -> DATA;
            };
        }
    }

    private record Rejection(Stage stage, int code, Remark remark) {
        static Rejection of(Stage stage, Answer answer) {
            return new Rejection(stage, answer.reply().code(), answer.remark());
        }
    }

    private final MeterRegistry registry;
    private final Counter welcomed;
    private final Counter turnedAway;
    private final Counter accepted;
    private final Counter recipients;
    private final Counter stored;
    private final Counter faults;
    private final Timer acceptance;
    private final DistributionSummary size;
    private final Map<Rejection, Counter> rejections = new ConcurrentHashMap<>();

    public DoorMeters(MeterRegistry registry, Census census) {
        this.registry = registry;
        Gauge.builder("postmesh_smtp_connections_active", census, Census::open)
                .description("SMTP connections open at this moment.")
                .tags(LISTENER)
                .register(registry);
        welcomed = connections("accepted");
        turnedAway = connections("turned_away");
        accepted = Counter.builder("postmesh_messages_accepted_total")
                .description(
                        "Messages answered with 250. Flat while clients send: look at postmesh_smtp_rejections_total.")
                .tags(VIA)
                .register(registry);
        recipients = Counter.builder("postmesh_ingress_recipients_accepted_total")
                .description("Recipients of accepted messages.")
                .register(registry);
        stored = Counter.builder("postmesh_ingress_stored_bytes_total")
                .description(
                        "Bytes of their records; much less than postmesh_message_size_bytes_sum is compression at work.")
                .register(registry);
        faults = Counter.builder("postmesh_ingress_faults_total")
                .description("Sessions ended by an error of ours; any is a bug, its stack is in the log.")
                .register(registry);
        acceptance = Timer.builder("postmesh_accept_duration_seconds")
                .serviceLevelObjectives(WAITS)
                .description("From the final dot to Kafka's acknowledgement. Seconds mean slow disks or brokers.")
                .tags(VIA)
                .register(registry);
        size = DistributionSummary.builder("postmesh_message_size_bytes")
                .description("Sizes of accepted messages, as received.")
                .serviceLevelObjectives(SIZES)
                .tags(VIA)
                .register(registry);
        tellOurs();
    }

    // What an alert asks for is told before it happens: a series that begins with its first event hides it from rate().
    private void tellOurs() {
        for (var stage : Stage.values())
            for (var ours : Replies.OURS) rejections.computeIfAbsent(Rejection.of(stage, ours), this::counter);
    }

    private Counter connections(String result) {
        return Counter.builder("postmesh_smtp_connections_total")
                .description(
                        "SMTP connections since start. A jump without mail is someone probing; turned_away: too many,"
                                + " or the process stops.")
                .tags(LISTENER)
                .tag("result", result)
                .register(registry);
    }

    void connected() {
        welcomed.increment();
    }

    void turnedAway() {
        turnedAway.increment();
    }

    void rejected(Stage stage, Answer answer) {
        rejections.computeIfAbsent(Rejection.of(stage, answer), this::counter).increment();
    }

    private Counter counter(Rejection rejection) {
        return Counter.builder("postmesh_smtp_rejections_total")
                .description("Negative replies. store, memory, space: ours to fix; others: the clients'.")
                .tags(LISTENER)
                .tag("stage", label(rejection.stage()))
                .tag("code", Integer.toString(rejection.code()))
                .tag("reason", label(rejection.remark()))
                .register(registry);
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void fault() {
        faults.increment();
    }

    /// A message is durable.
    public void accepted(int recipientCount, long messageOctets, long recordOctets, Duration sinceDot) {
        accepted.increment();
        recipients.increment(recipientCount);
        stored.increment(recordOctets);
        size.record(messageOctets);
        acceptance.record(sinceDot);
    }
}
