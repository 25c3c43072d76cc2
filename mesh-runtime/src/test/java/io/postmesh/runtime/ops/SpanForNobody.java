package io.postmesh.runtime.ops;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.runtime.trace.TraceExport;
import io.postmesh.runtime.trace.TraceSettings;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;

/// A program that logs in JSON and sends a span to a port where nobody listens.
final class SpanForNobody {
    private SpanForNobody() {}

    public static void main(String[] none) throws Exception {
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var settings = Settings.load(
                Map.of(),
                Map.of("POSTMESH_LOG_FORMAT", "json", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + nobody));
        try (var _ = Logging.install(LogSettings.from(settings), "postmesh")) {
            var open = new ArrayDeque<AutoCloseable>();
            var meters = new SimpleMeterRegistry();
            var trace = TraceExport.open(TraceSettings.from(settings), "postmesh", "one", meters, open::push);
            trace.enter("accept", Optional.empty(), 1, Instant.now()).close();
            var refused = meters.get("postmesh_trace_spans_total").tag("fate", "refused");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> refused.functionCounter().count() == 1);
            while (!open.isEmpty()) open.pop().close();
        }
    }
}
