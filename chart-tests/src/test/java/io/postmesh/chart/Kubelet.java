package io.postmesh.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubernetes.client.openapi.models.V1KeyToPath;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1SecretProjection;
import io.kubernetes.client.openapi.models.V1Volume;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs pods of the chart as containers of this machine's engine, on a network of their own without a way out: the
/// command, the
/// environment, the files, the limits and the rights are the pod's. A Service is a name of the pod it leads to.
final class Kubelet implements AutoCloseable {
    static final String IMAGE = named("POSTMESH_IMAGE", "postmesh:0.1.0");
    static final String REDIS_IMAGE = named("POSTMESH_REDIS_IMAGE", "postmesh-debian");

    private static final int SECONDS = 150; // for one command; the longest waits for a pod's end

    private static final Duration PROBE = Duration.ofSeconds(3);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PROBE)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final String network;
    private final Path folder;
    private final Map<String, Map<String, String>> secrets;
    private final List<String> containers = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();

    private Kubelet(String network, Path folder, Map<String, Map<String, String>> secrets) {
        this.network = network;
        this.folder = folder;
        this.secrets = Map.copyOf(secrets);
    }

    record Done(int code, String output) {}

    /// Why pods cannot be run here.
    static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/docker")) || docker("info").code() != 0)
            return Optional.of("no container engine answers: install Debian's docker.io and start dockerd");
        for (var image : List.of(IMAGE, REDIS_IMAGE))
            if (docker("image", "inspect", image).code() != 0)
                return Optional.of("there is no image " + image + ": deploy/image/base and deploy/image/build make it");
        return Optional.empty();
    }

    /// @param secrets of the namespace, by name: those the chart does not make itself
    static Kubelet open(Path folder, Map<String, Map<String, String>> secrets)
            throws IOException, InterruptedException {
        var name = "chart-" + ProcessHandle.current().pid();
        must("network", "create", "--internal", name);
        return new Kubelet(name, folder, secrets);
    }

    /// Where all pods have their addresses.
    String podNetwork() throws IOException, InterruptedException {
        return must("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", network);
    }

    /// What is no pod of the chart, but has to be there.
    void start(String name, String image, String... arguments) throws IOException, InterruptedException {
        var command = command(name, List.of());
        command.add(image);
        command.addAll(List.of(arguments));
        run(name, command);
    }

    /// @param services that lead to this pod, by name
    void start(String name, V1PodSpec pod, List<String> services, Rendered rendered)
            throws IOException, InterruptedException {
        var container = pod.getContainers().getFirst();
        var memory = Objects.requireNonNull(container.getResources().getLimits().get("memory"));
        var command = command(name, List.of("--memory", memory.getNumber().toPlainString()));
        for (var service : services) command.addAll(List.of("--network-alias", service));
        rendered.settings().forEach((key, value) -> command.addAll(List.of("-e", key + "=" + value)));
        var own = container.getEnv();
        if (own != null) own.forEach(v -> command.addAll(List.of("-e", v.getName() + "=" + v.getValue())));
        for (var mount : container.getVolumeMounts()) {
            var volume = pod.getVolumes().stream()
                    .filter(v -> v.getName().equals(mount.getName()))
                    .findFirst();
            command.addAll(mount(name, volume, mount.getMountPath(), rendered));
        }
        command.add(IMAGE);
        command.addAll(container.getArgs());
        run(name, command);
    }

    /// Asks what the kubelet asks, from outside of the container.
    boolean isReady(String name) throws IOException, InterruptedException {
        var address =
                must("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container(name));
        if (address.isEmpty()) throw new AssertionError(name + " ended: " + logs(name));
        var ask = HttpRequest.newBuilder(URI.create("http://" + address + ":8080/readyz"))
                .timeout(PROBE);
        try {
            return http.send(ask.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (ConnectException | HttpTimeoutException e) {
            return false; // it starts
        }
    }

    String logs(String name) throws IOException, InterruptedException {
        return docker("logs", container(name)).output();
    }

    /// Waits until it ends by itself.
    Done end(String name) throws IOException, InterruptedException {
        int code = Integer.parseInt(must("wait", container(name)));
        return new Done(code, logs(name));
    }

    /// SIGTERM, and as long as the pod is given.
    ///
    /// @return the exit code, 137 after a kill
    int stop(String name, long seconds) throws IOException, InterruptedException {
        must("stop", "--time", String.valueOf(seconds), container(name));
        return Integer.parseInt(must("inspect", "-f", "{{.State.ExitCode}}", container(name)));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (var name : containers) docker("rm", "--force", "--volumes", name);
        for (var name : volumes) docker("volume", "rm", name);
        docker("network", "rm", network);
        http.close();
    }

    // What the pod's security context says, and the host name, which is the pod's name.
    private List<String> command(String name, List<String> more) {
        var command = new ArrayList<>(List.of("run", "--detach", "--name", container(name), "--hostname", name));
        command.addAll(List.of("--network", network, "--network-alias", name, "--user", "65532:65532", "--read-only"));
        command.addAll(List.of("--cap-drop", "ALL", "--security-opt", "no-new-privileges"));
        command.addAll(List.of("--tmpfs", "/tmp:exec,mode=1777,size=256m"));
        command.addAll(more);
        return command;
    }

    private void run(String name, List<String> command) throws IOException, InterruptedException {
        containers.add(container(name));
        must(command.toArray(String[]::new));
    }

    private String container(String name) {
        return network + "-" + name;
    }

    private List<String> mount(String pod, Optional<V1Volume> volume, String path, Rendered rendered)
            throws IOException, InterruptedException {
        if (path.equals("/tmp")) return List.of();
        if (volume.isEmpty()) return List.of("-v", claim("node") + ":" + path); // of a StatefulSet's template
        var given = volume.get();
        if (given.getEmptyDir() != null) return List.of("--tmpfs", path + ":uid=65532,gid=65532");
        if (given.getPersistentVolumeClaim() != null)
            return List.of("-v", claim(given.getPersistentVolumeClaim().getClaimName()) + ":" + path);
        return List.of("-v", files(pod, given, rendered) + ":" + path + ":ro");
    }

    // fsGroup makes a volume the pod's; here it is made so by what the image has there.
    private String claim(String name) throws IOException, InterruptedException {
        var volume = network + "-" + name;
        if (volumes.contains(volume)) return volume;
        volumes.add(volume);
        must("rm", must("create", "-v", volume + ":/var/lib/postmesh", IMAGE));
        return volume;
    }

    private Path files(String pod, V1Volume volume, Rendered rendered) throws IOException {
        var target = Files.createDirectories(folder.resolve(pod).resolve(volume.getName()));
        if (volume.getSecret() != null) {
            for (var entry :
                    secret(volume.getSecret().getSecretName(), rendered).entrySet())
                write(target, entry.getKey(), entry.getValue());
            return target.toAbsolutePath();
        }
        for (var source : volume.getProjected().getSources()) write(target, source.getSecret(), rendered);
        return target.toAbsolutePath();
    }

    private void write(Path target, V1SecretProjection projection, Rendered rendered) throws IOException {
        var content = secret(projection.getName(), rendered);
        for (V1KeyToPath item : projection.getItems()) {
            var text = content.get(item.getKey());
            if (text != null) write(target, item.getPath(), text);
            else if (!Boolean.TRUE.equals(projection.getOptional()))
                throw new AssertionError("no " + item.getKey() + " in Secret " + projection.getName());
        }
    }

    // As Kubernetes lays a Secret out: the names are links into a folder that begins with dots.
    private static void write(Path target, String path, String text) throws IOException {
        var file = target.resolve("..data").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        var first = Path.of(path).getName(0);
        if (!Files.exists(target.resolve(first)))
            Files.createSymbolicLink(target.resolve(first), Path.of("..data").resolve(first));
    }

    private Map<String, String> secret(String name, Rendered rendered) {
        var given = secrets.get(name);
        return given != null ? given : rendered.secret(name);
    }

    private static String must(String... arguments) throws IOException, InterruptedException {
        var done = docker(arguments);
        if (done.code() != 0) throw new IOException("docker " + String.join(" ", arguments) + ": " + done.output());
        return done.output().strip();
    }

    private static Done docker(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/usr/bin/docker"));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(Path.of("target"), "docker", ".txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("docker " + String.join(" ", arguments) + ": no end in " + SECONDS + " s");
        }
        return new Done(process.exitValue(), Files.readString(output, UTF_8));
    }

    private static String named(String variable, String otherwise) {
        var name = System.getenv(variable);
        return name == null || name.isEmpty() ? otherwise : name;
    }
}
