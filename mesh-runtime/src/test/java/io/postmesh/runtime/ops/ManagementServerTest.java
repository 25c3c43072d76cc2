package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanContext;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.trace.Parent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
    private enum Weather {
        SUNNY,
        RAINY
    }

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Vertx VERTX = Vertx.vertx();

    private final Health health = new Health();
    private final io.micrometer.prometheusmetrics.PrometheusMeterRegistry meters = Meters.prometheus();
    private ManagementServer server;

    @BeforeEach
    void open() throws IOException {
        server = ManagementServer.open(VERTX, new HostPort("127.0.0.1", 0), health, meters);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void allIsWell() throws Exception {
        health.live("stage", Optional::empty);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body()).isEqualTo("ok\n");
    }

    @Test
    void notReadyIsStillLiveAndSaysWhy() throws Exception {
        health.ready("kafka", () -> Optional.of("Kafka has not answered for 12 s"));
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("kafka: Kafka has not answered for 12 s\n");
    }

    @Test
    void whatIsNotLiveIsNotReady() throws Exception {
        health.live("stage", () -> Optional.of("ended"));
        assertThat(get("/livez").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("stage: ended\n");
    }

    @Test
    void aCheckThatBreaksIsATrouble() throws Exception {
        health.ready("broken", () -> {
            throw new IllegalStateException("boom");
        });
        assertThat(get("/readyz").body()).contains("broken: the check failed", "boom");
    }

    @Test
    void metricsAreInPrometheusForm() throws Exception {
        Counters.of(meters, "postmesh_weather_total", "sky", Weather.class, "What it means")
                .count(Weather.RAINY, 3);
        var answer = get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body())
                .contains("# HELP postmesh_weather_total What it means")
                .contains("postmesh_weather_total{sky=\"rainy\"} 3")
                .contains("postmesh_weather_total{sky=\"sunny\"} 0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void whoeverAsksAsPrometheusDoesGetsOpenMetrics() throws Exception {
        Counters.of(meters, "postmesh_weather_total", "sky", Weather.class, "What it means")
                .count(Weather.RAINY, 3);
        var answer =
                accepting("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(answer.body())
                .contains("# TYPE postmesh_weather counter")
                .contains("postmesh_weather_total{sky=\"rainy\"} 3.0")
                .endsWith("# EOF\n");
    }

    @Test
    void whoeverLikesTheClassicFormBetterOrCannotSayGetsIt() throws Exception {
        for (var accept : List.of(
                "*/*",
                "application/openmetrics-text;q=0.2,text/plain;q=0.5",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=much",
                ";;,q=,")) {
            assertThat(accepting(accept).headers().firstValue("Content-Type").orElse(""))
                    .as(accept)
                    .startsWith("text/plain; version=0.0.4");
        }
    }

    @Test
    void whatIsCountedForASampledMailLeadsToItsTrace() throws Exception {
        var timer = Buckets.timer("postmesh_journey_seconds", Buckets.JOURNEY).register(meters);
        Exemplars.during(span("-01"), () -> timer.record(Duration.ofMillis(70)));
        assertThat(accepting("application/openmetrics-text").body()).contains("trace_id=\"" + TRACE + "\"");
        assertThat(get("/metrics").body())
                .contains("postmesh_journey_seconds_bucket{le=\"5.0\"} 1")
                .doesNotContain(TRACE);
    }

    @Test
    void openMetricsTellsTheUnitThatANameEndsIn() throws Exception {
        Buckets.timer("postmesh_journey_seconds", Buckets.JOURNEY).register(meters);
        meters.timer("postmesh_work_seconds");
        meters.counter("postmesh_stored_bytes_total");
        meters.gauge("postmesh_room_bytes", 1);
        meters.counter("postmesh_events_total");
        assertThat(accepting("application/openmetrics-text").body().lines())
                .contains(
                        "# UNIT postmesh_journey_seconds seconds",
                        "# UNIT postmesh_work_seconds seconds",
                        "# UNIT postmesh_stored_bytes bytes",
                        "# UNIT postmesh_room_bytes bytes")
                .noneMatch(line -> line.startsWith("# UNIT postmesh_events"));
        assertThat(get("/metrics").body()).doesNotContain("# UNIT");
    }

    // Prometheus refuses a scrape that has them elsewhere.
    @Test
    void onlyBucketsAndTotalsLeadToTraces() throws Exception {
        var histogram =
                Buckets.timer("postmesh_journey_seconds", Buckets.JOURNEY).register(meters);
        var summary = meters.timer("postmesh_work_seconds");
        var counter = meters.counter("postmesh_events_total");
        Exemplars.during(span("-01"), () -> {
            histogram.record(Duration.ofMillis(70));
            summary.record(Duration.ofMillis(70));
            counter.increment();
        });
        assertThat(accepting("application/openmetrics-text").body().lines().filter(line -> line.contains("# {")))
                .hasSize(2)
                .allMatch(line -> line.matches("postmesh_(journey_seconds_bucket\\{|events_total ).*"));
    }

    @Test
    void whatIsCountedForAnUnsampledMailLeadsNowhere() throws Exception {
        var timer = Buckets.timer("postmesh_journey_seconds", Buckets.JOURNEY).register(meters);
        for (var span : List.of(span("-00"), Optional.of(SpanContext.getInvalid()), Optional.<SpanContext>empty()))
            Exemplars.during(span, () -> timer.record(Duration.ofMillis(70)));
        assertThat(accepting("application/openmetrics-text").body()).doesNotContain("trace_id");
    }

    private static Optional<SpanContext> span(String flags) {
        return Parent.parse("00-" + TRACE + "-00f067aa0ba902b7" + flags).map(Parent::context);
    }

    @Test
    void anythingElseIsRefusedPlainly() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        var post = HttpRequest.newBuilder(uri("/livez")).POST(HttpRequest.BodyPublishers.ofString("x"));
        assertThat(send(post).statusCode()).isEqualTo(405);
    }

    @Test
    void aTakenPortIsNamed() {
        assertThatThrownBy(() -> ManagementServer.open(VERTX, new HostPort("127.0.0.1", server.port()), health, meters))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.port());
    }

    private HttpResponse<String> accepting(String accept) throws Exception {
        return send(HttpRequest.newBuilder(uri("/metrics")).header("Accept", accept));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
