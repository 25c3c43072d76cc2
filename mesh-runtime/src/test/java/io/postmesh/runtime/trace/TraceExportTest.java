package io.postmesh.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.contract.Topics;
import io.postmesh.lab.otlp.ReceivedSpan;
import io.postmesh.lab.otlp.SpanReceiver;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TraceExportTest {
    private static final int MORE_THAN_WAIT = 20_000;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @Test
    void theReceiverSeesOneTreeAndALinkedRetry() throws Exception {
        try (var receiver = SpanReceiver.open()) {
            var trace = export(Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint() + "/",
                    "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20cG9zdA%3D%3D",
                    "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"));
            var door = trace.enter("accept", Optional.empty(), 1, Instant.now());
            var desk = trace.follow("judge", sentWith(door.header()));
            var retry = trace.callLater("attempt", Parent.of(desk.headers()));
            retry.failed("TIMEOUT");
            for (var step : new Step[] {retry, desk, door}) step.close();
            stop();

            var root = span(receiver, "accept");
            var child = span(receiver, "judge");
            var later = span(receiver, "attempt");
            assertThat(root.parent()).isEmpty();
            assertThat(child.trace()).isEqualTo(root.trace());
            assertThat(child.parent()).isEqualTo(root.id());
            assertThat(child.attributes())
                    .containsEntry("messaging.system", "kafka")
                    .containsEntry("messaging.destination.name", "mail.accepted")
                    .containsEntry("messaging.destination.partition.id", "3");
            assertThat(later.trace()).isNotEqualTo(root.trace());
            assertThat(later.parent()).isEmpty();
            assertThat(later.links()).containsExactly(root.trace());
            assertThat(later.failed()).isTrue();
            assertThat(root.resource())
                    .containsEntry("service.name", "postmesh-policy")
                    .containsEntry("service.instance.id", "policy-1")
                    .containsEntry("deployment.environment.name", "test");
            assertThat(receiver.headers()).containsEntry("authorization", "Basic cG9zdA==");
            assertThat(spans("sent")).isEqualTo(3);
        }
    }

    @Test
    void whatIsNotSampledIsNotSent() throws Exception {
        try (var receiver = SpanReceiver.open()) {
            var trace = export(
                    Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint().toString()));
            trace.enter("accept", Optional.empty(), 0, Instant.now()).close();
            stop();
            assertThat(receiver.spans()).isEmpty();
            assertThat(spans("sent")).isZero();
        }
    }

    // The steps below end at once or the test ends by its time-out: nobody waits for the receiver.
    @Test
    @Timeout(60)
    void aReceiverThatHangsHoldsUpNobodyAndWhatIsDroppedIsCounted() throws Exception {
        try (var receiver = SpanReceiver.hanging()) {
            var trace = export(Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    receiver.endpoint().toString(),
                    "OTEL_EXPORTER_OTLP_TIMEOUT",
                    "60000"));
            trace.enter("accept", Optional.empty(), 1, Instant.now()).close();
            assertThat(receiver.asked().await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < MORE_THAN_WAIT; i++)
                trace.enter("accept", Optional.empty(), 1, Instant.now()).close();
            assertThat(spans("dropped")).isGreaterThan(0);
            stop(); // has a deadline, or the time-out comes
            assertThat(receiver.spans()).isEmpty();
        }
    }

    @Test
    void aReceiverThatIsAwayIsCounted() throws Exception {
        var trace = export(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", nowhere()));
        trace.enter("accept", Optional.empty(), 1, Instant.now()).close();
        await().atMost(60, TimeUnit.SECONDS).until(() -> spans("refused") == 1); // it tries five times, over 8 s
        stop();
    }

    private static String nowhere() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/v1/traces";
        }
    }

    @Test
    void nothingIsOpenedWithoutAnEndpoint() throws Exception {
        export(Map.of());
        export(Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"));
        export(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")); // meant for somebody else
        assertThat(open).isEmpty();
    }

    @Test
    void whatCannotBeAReceiverIsSaidAtTheStart() {
        assertThatThrownBy(() -> export(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317",
                        "OTEL_EXPORTER_OTLP_HEADERS", "secret")))
                .isInstanceOf(BadSettings.class)
                .hasMessageContaining("such as http://collector:4318")
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS: write name=value");
        assertThatThrownBy(() -> export(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317",
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
                .hasMessageContaining("only http/protobuf");
    }

    private Trace export(Map<String, String> env) throws BadSettings {
        var settings = Settings.load(Map.of(), env);
        var config = TraceSettings.from(settings);
        settings.check();
        return TraceExport.open(config, "postmesh-policy", "policy-1", meters, open::push);
    }

    private void stop() throws Exception {
        while (!open.isEmpty()) open.pop().close();
    }

    private double spans(String fate) {
        return meters.get("postmesh_trace_spans_total")
                .tag("fate", fate)
                .functionCounter()
                .count();
    }

    private static ReceivedSpan span(SpanReceiver receiver, String name) {
        return receiver.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static InRecord sentWith(Header header) {
        return new InRecord(Topics.ACCEPTED, 3, 7, 0, null, null, new RecordHeaders(new Header[] {header}));
    }
}
