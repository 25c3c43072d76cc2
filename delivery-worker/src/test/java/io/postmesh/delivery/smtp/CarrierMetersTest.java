package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.delivery.outcome.Checkpoints;
import io.postmesh.lab.sink.SmtpSink;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What one conversation is counted as.
class CarrierMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void eachRecipientIsCountedByWhatTheRemoteSaidAndEachPhaseIsTimed() {
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port())
                        .tls(TlsLevel.NONE)
                        .meters(meters)
                        .open()) {
            bench.carry(Letters.to("ok@one.test", "reject@one.test", "tempfail@one.test", "too@one.test"));
            assertThat(counted("delivered", "2xx")).isEqualTo(2);
            assertThat(counted("failed", "5xx")).isEqualTo(1);
            assertThat(counted("deferred", "4xx")).isEqualTo(1);
            assertThat(phase("connect")).isEqualTo(1);
            assertThat(phase("data")).isEqualTo(1);
            assertThat(open()).isEqualTo(1); // it rests
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> open() == 0);
    }

    @Test
    void whoDoesNotAnswerSaysNothing() {
        int port;
        try (var gone = SmtpSink.start()) {
            port = gone.port();
        }
        try (var bench = Bench.relayTo(port).meters(meters).open()) {
            bench.carry(Letters.to("ok@one.test"));
        }
        assertThat(counted("deferred", "none")).isEqualTo(1);
        assertThat(phase("connect")).isEqualTo(1);
    }

    @Test
    void whoseHostsAreTriedIsKnownBeforeAnybodyIsAskedForAConnection() {
        var told = new ArrayList<String>();
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).meters(meters).open()) {
            bench.carrier.carry(Letters.to("ok@one.test").relayed().job(), new Checkpoints() {
                @Override
                public void bound(String provider) {
                    told.add(provider);
                }

                @Override
                public void connected(String host, int port, boolean reused) {
                    told.add("connected");
                }

                @Override
                public boolean mayStart() {
                    return true;
                }

                @Override
                public boolean mayFinish() {
                    return true;
                }
            });
        }
        assertThat(told).containsExactly("relay", "connected");
    }

    private double counted(String outcome, String codeClass) {
        var counter = meters.find("postmesh_delivery_attempts_total")
                .tags("provider", "relay", "outcome", outcome, "code_class", codeClass)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private long phase(String phase) {
        var timer = meters.find("postmesh_delivery_attempt_duration_seconds")
                .tags("provider", "relay", "phase", phase)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private double open() {
        return meters.get("postmesh_delivery_connections_active")
                .tag("provider", "relay")
                .gauge()
                .value();
    }
}
