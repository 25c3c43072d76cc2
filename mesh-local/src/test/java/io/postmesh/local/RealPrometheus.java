package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Debian's Prometheus with the rules of deploy/prometheus; it scrapes one mesh every second.
final class RealPrometheus implements AutoCloseable {
    private static final int STARTING = 503;

    private final Process process;
    private final URI api;
    private final HttpClient client = HttpClient.newHttpClient();

    private RealPrometheus(Process process, int port) {
        this.process = process;
        this.api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
    }

    /// @param folder for all it keeps
    static RealPrometheus scraping(HostPort mesh, Path folder) throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var target = new JsonObject().put("targets", new JsonArray().add(mesh.toString()));
        var job = new JsonObject().put("job_name", "mesh").put("static_configs", new JsonArray().add(target));
        var every = new JsonObject().put("scrape_interval", "1s").put("evaluation_interval", "1s");
        var rules = Path.of("../deploy/prometheus/*.yml").toAbsolutePath().normalize();
        var config = new JsonObject()
                .put("global", every)
                .put("rule_files", new JsonArray().add(rules.toString()))
                .put("scrape_configs", new JsonArray().add(job));
        var file = Files.writeString(folder.resolve("prometheus.yml"), config.encode()); // JSON is YAML
        var process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--enable-feature=exemplar-storage")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return new RealPrometheus(process, port);
    }

    /// What it answers to one of its API's questions, once it is up.
    ///
    /// @param question such as `query?query=` and an [#encoded] expression
    JsonObject ask(String question) {
        return await().atMost(TestMesh.SOON)
                .ignoreExceptionsInstanceOf(ConnectException.class)
                .until(() -> get(question), answer -> "success".equals(answer.getString("status")));
    }

    private JsonObject get(String question) throws IOException, InterruptedException {
        var asked = HttpRequest.newBuilder(api.resolve(question))
                .timeout(Duration.ofSeconds(30))
                .build();
        var answer = client.send(asked, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == STARTING ? new JsonObject() : new JsonObject(answer.body());
    }

    /// Series that an expression has now.
    JsonArray query(String expr) {
        return ask("query?query=" + encoded(expr)).getJsonObject("data").getJsonArray("result");
    }

    static String encoded(String expr) {
        return URLEncoder.encode(expr, UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) process.destroyForcibly();
    }
}
