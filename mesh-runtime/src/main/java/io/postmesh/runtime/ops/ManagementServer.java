package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/livez`, `/readyz`, `/metrics`, on a port of their own. A connection has one answer and ends: answers that nobody
/// reads do not pile up.
public final class ManagementServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Health health;
    private final Scrapes scrapes;
    private final Counter refused;
    private final Duration patience;
    private final HttpServer server;
    private final Guests guests = new Guests(); // the server has one event loop

    private ManagementServer(
            Vertx vertx, HostPort listen, Health health, PrometheusMeterRegistry meters, Duration patience) {
        this.health = health;
        this.scrapes = new Scrapes(vertx, meters);
        this.refused = Counter.builder("postmesh_http_connections_refused_total")
                .description("Connections for probes and scrapes closed at once, because " + Guests.OF_ONE
                        + " of their address or " + Guests.ALL
                        + " were open. Rising: somebody holds them; see who may reach POSTMESH_HTTP_LISTEN.")
                .register(meters);
        this.patience = patience;
        this.server = vertx.createHttpServer(options(listen, patience))
                .connectionHandler(this::letIn)
                .requestHandler(this::answer);
    }

    // Until the one answer is written nothing is: the write timeout ends half requests, also those that grow octet by
    // octet, and answers that nobody reads, where an orderly close would wait for ever.
    private static HttpServerOptions options(HostPort listen, Duration patience) {
        return new HttpServerOptions()
                .setHost(listen.host())
                .setPort(listen.port())
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setWriteIdleTimeout(Math.toIntExact(patience.toMillis()));
    }

    /// @throws IOException when the address cannot be listened on
    public static ManagementServer open(Vertx vertx, HostPort listen, Health health, PrometheusMeterRegistry meters)
            throws IOException {
        return open(vertx, listen, health, meters, PATIENCE);
    }

    /// @param patience with a request that does not end and an answer that is not read
    static ManagementServer open(
            Vertx vertx, HostPort listen, Health health, PrometheusMeterRegistry meters, Duration patience)
            throws IOException {
        var management = new ManagementServer(vertx, listen, health, meters, patience);
        try {
            await(management.server.listen());
        } catch (IOException e) {
            management.scrapes.close();
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
        scrapes.close();
    }

    private void letIn(HttpConnection connection) {
        var from = connection.remoteAddress().hostAddress();
        var to = connection.localAddress().hostAddress();
        if (!guests.enter(from, to)) {
            refused.increment();
            connection.close();
            return;
        }
        connection.closeHandler(_ -> guests.leave(from, to));
    }

    private void answer(HttpServerRequest request) {
        request.connection().shutdown(patience.toMillis(), TimeUnit.MILLISECONDS); // once it is answered
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

    private void scrape(HttpServerRequest request) {
        var form = Exposition.of(request.getHeader("Accept"));
        scrapes.next(form)
                .onSuccess(text -> answer(request, 200, form.contentType, text))
                .onFailure(problem -> answer(request, 500, TEXT, problem + "\n"));
    }

    private static void answer(HttpServerRequest request, int status, String type, String text) {
        answer(request, status, type, Buffer.buffer(text));
    }

    private static void answer(HttpServerRequest request, int status, String type, Buffer text) {
        var response = request.response();
        if (response.closed()) return;
        response.setStatusCode(status).putHeader("Content-Type", type).putHeader("Connection", "close");
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
