package io.postmesh.local;

import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What a container's health check runs where there is no shell and no curl. It is asked every few seconds beside a
/// service that works, so it loads little: neither Vert.x nor Kafka.
@Command(
        name = HealthCommand.NAME,
        mixinStandardHelpOptions = true,
        description = "Asks the process whether it is ready. Exit code 0: it is; 1: it is not, or does not answer.",
        exitCodeOnInvalidInput = Main.USAGE)
final class HealthCommand implements Callable<Integer> {
    static final String NAME = "health";

    private static final int MOST = 4_096; // of an answer: as much as Docker keeps

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            description = "where its management server listens; default: POSTMESH_HTTP_LISTEN, or " + NodeConfig.HTTP)
    private Optional<String> address = Optional.empty();

    @Option(names = "--live", description = "asks only whether it lives: a process that starts is not ready yet")
    private boolean live;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "no answer in so many seconds is a no; default: ${DEFAULT-VALUE}")
    private int deadline;

    @Override
    public Integer call() throws BadSettings, IOException, InterruptedException {
        var url = url(address(System.getenv()), live ? "/livez" : "/readyz");
        var answer = within(Duration.ofSeconds(Math.max(1, deadline)), url);
        var command = spec.commandLine();
        var out = answer.ok() ? command.getOut() : command.getErr();
        out.println(answer.text().strip());
        out.flush();
        return answer.ok() ? 0 : Main.FAILED;
    }

    private record Answer(boolean ok, String text) {}

    private HostPort address(Map<String, String> env) throws BadSettings {
        if (address.isPresent()) return Listen.option(spec, "--address", address.get());
        var settings = Settings.load(Map.of(), env);
        var listen = settings.hostPort(Listen.HTTP, NodeConfig.HTTP);
        settings.checkRead();
        return listen;
    }

    // Who listens on every address is asked on this host.
    private static URI url(HostPort listen, String path) {
        var host = listen.host().equals("0.0.0.0") || listen.host().equals("::") ? "127.0.0.1" : listen.host();
        return URI.create("http://" + new HostPort(host, listen.port()) + path);
    }

    private static Answer within(Duration patience, URI url) throws IOException, InterruptedException {
        int millis = Math.toIntExact(patience.toMillis());
        var asking = CompletableFuture.supplyAsync(() -> ask(url, millis));
        try {
            return asking.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Answer(false, url + " gave no answer in " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IOException("asking " + url + " failed: " + e.getCause(), e);
        }
    }

    private static Answer ask(URI url, int millis) {
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(millis);
            connection.setReadTimeout(millis);
            boolean ok = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (var body = ok ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(ok, text(body));
            }
        } catch (IOException e) {
            return new Answer(false, url + " does not answer: " + Objects.requireNonNullElse(e.getMessage(), e));
        }
    }

    private static String text(@Nullable InputStream body) throws IOException {
        return body == null ? "no words" : new String(body.readNBytes(MOST), StandardCharsets.UTF_8);
    }
}
