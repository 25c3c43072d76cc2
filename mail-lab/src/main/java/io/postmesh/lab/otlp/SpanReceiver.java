package io.postmesh.lab.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Takes spans by OTLP over HTTP on loopback and keeps them all; or takes the connection, and never answers.
public final class SpanReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final Map<String, String> lastHeaders = new ConcurrentHashMap<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answering;

    private SpanReceiver(CountDownLatch answering) throws IOException {
        this.answering = answering;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public static SpanReceiver open() throws IOException {
        return new SpanReceiver(new CountDownLatch(0));
    }

    /// Answers nobody until it is closed.
    public static SpanReceiver hanging() throws IOException {
        return new SpanReceiver(new CountDownLatch(1));
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` is to say.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// All that came so far.
    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /// Those of one trace.
    public List<ReceivedSpan> trace(String id) {
        return spans.stream().filter(span -> span.trace().equals(id)).toList();
    }

    /// Of the last request, names in lower case.
    public Map<String, String> headers() {
        return Map.copyOf(lastHeaders);
    }

    /// Down to zero once somebody has sent something, whatever became of it.
    public CountDownLatch asked() {
        return asked;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            exchange.getRequestHeaders().forEach((name, values) -> lastHeaders.put(lower(name), values.getFirst()));
            asked.countDown();
            answering.await();
            keep(request);
            var answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().add("content-type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(ExportTraceServiceRequest request) {
        for (var of : request.getResourceSpansList()) {
            for (var scope : of.getScopeSpansList()) {
                for (var span : scope.getSpansList()) spans.add(ReceivedSpan.of(span, of.getResource()));
            }
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
