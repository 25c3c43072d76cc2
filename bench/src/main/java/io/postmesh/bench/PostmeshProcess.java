package io.postmesh.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `./postmesh run` with a fresh data folder, exactly as the launcher starts it for anybody.
///
/// Settings of the caller's environment pass through, so a setting's effect can be measured.
final class PostmeshProcess implements RelayUnderTest {
    private static final Duration START = Duration.ofSeconds(60);

    private final Program program;
    private final InetSocketAddress smtp;
    private final boolean dkim;

    private PostmeshProcess(Program program, InetSocketAddress smtp, boolean dkim) {
        this.program = program;
        this.smtp = smtp;
        this.dkim = dkim;
    }

    static PostmeshProcess start(Path folder, InetSocketAddress sink, boolean dkim)
            throws CannotMeasure, IOException, InterruptedException {
        var smtp = Ports.free();
        var http = Ports.free();
        var keys = Files.createDirectories(folder.resolve("keys"));
        if (dkim) DkimKey.make(keys);
        var program = Program.start(
                folder.resolve("postmesh.log"),
                environment(folder, keys, smtp, http, sink),
                List.of(launcher(), "run"));
        try {
            var client = HttpClient.newHttpClient();
            program.await(() -> isReady(client, http), START, "postmesh");
            return new PostmeshProcess(program, smtp, dkim);
        } catch (CannotMeasure | InterruptedException e) {
            program.close();
            throw e;
        }
    }

    private static Map<String, String> environment(
            Path folder, Path keys, InetSocketAddress smtp, InetSocketAddress http, InetSocketAddress sink) {
        var environment = new HashMap<String, String>();
        environment.put("POSTMESH_DATA_DIR", folder.resolve("data").toString());
        environment.put("POSTMESH_SMTP_LISTEN", Ports.text(smtp));
        environment.put("POSTMESH_HTTP_LISTEN", Ports.text(http));
        environment.put("POSTMESH_DKIM_KEYS", keys.toString());
        environment.put("DKIM_SELECTOR", DkimKey.SELECTOR);
        environment.put("ALLOWED_SENDER_DOMAINS", DkimKey.DOMAIN);
        environment.put("POSTFIX_myhostname", "bench." + DkimKey.DOMAIN);
        environment.put("RELAYHOST", "[" + sink.getAddress().getHostAddress() + "]:" + sink.getPort());
        return environment;
    }

    private static boolean isReady(HttpClient client, InetSocketAddress http) {
        try {
            var question = HttpRequest.newBuilder(URI.create("http://" + Ports.text(http) + "/readyz"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String launcher() throws CannotMeasure {
        var launcher = checkout().resolve("postmesh");
        if (!Files.isExecutable(launcher))
            throw new CannotMeasure("no launcher at " + launcher + ": use ./postmesh bench");
        return launcher.toString();
    }

    // The launcher names its folder's `.postmesh`; the script lies beside it.
    static Path checkout() {
        var home = Path.of(System.getProperty("postmesh.home", ".postmesh")).toAbsolutePath();
        return Objects.requireNonNull(home.getParent(), "the launcher's folder");
    }

    @Override
    public String name() {
        return "postmesh dkim=" + (dkim ? 1 : 0);
    }

    @Override
    public List<InetSocketAddress> doors() {
        return List.of(smtp);
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of("node", program.pid());
    }

    @Override
    public void close() {
        program.close();
    }
}
