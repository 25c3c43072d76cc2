package io.postmesh.runtime.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/livez`, `/readyz`, `/metrics`, on a port of their own.
public final class ManagementServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int IDLE_SECONDS = 60;

    private final Vertx vertx;
    private final Health health;
    private final PrometheusMeterRegistry meters;
    private final HttpServer server;

    private ManagementServer(Vertx vertx, HostPort listen, Health health, PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.health = health;
        this.meters = meters;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(listen.host())
                        .setPort(listen.port())
                        .setIdleTimeout(IDLE_SECONDS))
                .requestHandler(this::answer);
    }

    /// @throws IOException when the address cannot be listened on
    public static ManagementServer open(Vertx vertx, HostPort listen, Health health, PrometheusMeterRegistry meters)
            throws IOException {
        var management = new ManagementServer(vertx, listen, health, meters);
        try {
            await(management.server.listen());
        } catch (IOException e) {
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
        return management;
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        try {
            await(server.close());
        } catch (IOException e) {
            log.warn("management server did not close: {}", e.toString());
        }
    }

    private void answer(HttpServerRequest request) {
        boolean read =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!read) {
            answer(request, 405, TEXT, "only GET\n");
            return;
        }
        switch (request.path()) {
            case "/livez" -> answer(request, health.live());
            case "/readyz" -> answer(request, health.ready());
            case "/metrics" -> scrape(request);
            case null, default -> answer(request, 404, TEXT, "try /livez, /readyz or /metrics\n");
        }
    }

    private static void answer(HttpServerRequest request, Health.Report report) {
        var lines = new StringBuilder();
        report.troubles()
                .forEach((name, what) ->
                        lines.append(name).append(": ").append(what).append('\n'));
        answer(request, report.ok() ? 200 : 503, TEXT, report.ok() ? "ok\n" : lines.toString());
    }

    /// Off the event loop: a scrape walks every meter.
    private void scrape(HttpServerRequest request) {
        var type = Exposition.of(request.getHeader("Accept")).contentType;
        vertx.executeBlocking(() -> meters.scrape(type), false)
                .onSuccess(text -> answer(request, 200, type, text))
                .onFailure(problem -> answer(request, 500, TEXT, problem + "\n"));
    }

    private static void answer(HttpServerRequest request, int status, String type, String text) {
        var response = request.response().setStatusCode(status).putHeader("Content-Type", type);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(text);
        }
    }

    private static void await(Future<?> future) throws IOException {
        try {
            future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer in 5 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
