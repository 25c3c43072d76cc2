package io.postmesh.lab.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A running mesh of processes. Closing it kills whoever is left; so does the end of the process that started it.
public final class Cluster implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(20);

    private final ClusterPlan plan;
    private final Ports ports;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final LastWill will;
    private final Thread hook = Thread.ofPlatform().unstarted(this::killAll);

    private Cluster(ClusterPlan plan) throws IOException {
        this.plan = plan;
        Files.createDirectories(outputs());
        Files.createDirectories(pids());
        ports = Ports.in(plan.folder);
        will = LastWill.write(pids());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Returns when every process works.
    ///
    /// @throws IOException naming the process that does not, with its last words; none is left then
    public static Cluster start(ClusterPlan plan) throws IOException {
        var cluster = new Cluster(plan);
        try {
            cluster.begin();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// By name: `broker-1`, `redis`, `ingress-1`, `policy-2`, `signer-1`, `delivery-2`.
    public Member member(String name) {
        var member = members.get(name);
        if (member == null) throw new IllegalArgumentException("no " + name + " here, but " + members.keySet());
        return member;
    }

    /// Brokers, Redis, then the services as a message meets them.
    public Collection<Member> members() {
        return List.copyOf(members.values());
    }

    /// Every copy of a service.
    public List<Member> copies(ServiceName service) {
        return members.values().stream()
                .filter(member -> member.name().startsWith(service.word() + "-"))
                .toList();
    }

    /// For Kafka's clients: every broker, whether it lives or not.
    public String bootstrap() throws IOException {
        var addresses = new ArrayList<String>();
        for (int node = 1; node <= plan.brokers; node++) addresses.add("127.0.0.1:" + ports.of("broker-" + node));
        return String.join(",", addresses);
    }

    public String redisUrl() throws IOException {
        return "redis://127.0.0.1:" + ports.of("redis");
    }

    /// The door of a copy of ingress, from 1 on.
    public InetSocketAddress smtp(int copy) throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.of("ingress-" + copy + ".smtp"));
    }

    /// Where a service's `/readyz` and `/metrics` are.
    public InetSocketAddress http(String member) throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.of(member + ".http"));
    }

    /// Waits until all who run are ready.
    public void awaitReady() throws IOException {
        for (var member : members()) if (member.isRunning()) member.awaitReady(plan.patience);
    }

    /// Stops everybody in order, SIGTERM each: the doors first, the brokers last.
    ///
    /// @throws IOException naming who does not end
    public void stop() throws IOException {
        for (var service : ServiceName.values()) stop(copies(service));
        stop(List.of(member("redis")));
        stop(members().stream()
                .filter(member -> member.name().startsWith("broker-"))
                .toList());
    }

    /// Kills whoever is left.
    @Override
    public void close() throws IOException {
        killAll();
        will.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the process ends, and the hook has done the same
        }
    }

    private void begin() throws IOException {
        var backends = new ArrayList<Launch>();
        for (int node = 1; node <= plan.brokers; node++) backends.add(broker(node));
        backends.add(redis());
        startAll(backends); // side by side: a broker is ready when most of them are
        var services = new ArrayList<Launch>();
        for (var service : ServiceName.values())
            for (int copy = 1; copy <= plan.copies.getOrDefault(service, 0); copy++)
                services.add(service(service, copy));
        startAll(services);
    }

    private void startAll(List<Launch> launches) throws IOException {
        var started = new ArrayList<Member>();
        for (var launch : launches) {
            var member = new Member(launch, outputs(), pids());
            members.put(launch.name(), member);
            member.start();
            started.add(member);
        }
        for (var member : started) member.awaitReady(plan.patience);
    }

    private Launch broker(int node) throws IOException {
        var command = java("256m");
        command.add("io.postmesh.embedded.BrokerMain");
        command.add(plan.folder.resolve("broker-" + node).toString());
        command.add(Integer.toString(node));
        for (int peer = 1; peer <= plan.brokers; peer++)
            command.add(ports.of("broker-" + peer) + "/" + ports.of("broker-" + peer + ".controller"));
        return new Launch("broker-" + node, command, Map.of(), new Readiness.Line("ready "));
    }

    private Launch redis() throws IOException {
        int port = ports.of("redis");
        return new Launch("redis", redisCommand(port), Map.of(), new Readiness.Redis(port));
    }

    // Redis itself is to be our child, so the program only unpacks it and says how it is run.
    private List<String> redisCommand(int port) throws IOException {
        var ask = java("64m");
        ask.add("io.postmesh.embedded.RedisProgram");
        ask.add(plan.folder.resolve("redis").toString());
        ask.add(Integer.toString(port));
        var asked = new ProcessBuilder(ask)
                .redirectError(outputs().resolve("redis-program.log").toFile())
                .start();
        try (var out = asked.inputReader()) {
            var command = out.lines().toList();
            if (command.isEmpty())
                throw new IOException("no Redis; see " + outputs().resolve("redis-program.log"));
            return command;
        }
    }

    private Launch service(ServiceName service, int copy) throws IOException {
        var name = service.word() + "-" + copy;
        var environment = new LinkedHashMap<>(Map.of(
                "POSTMESH_KAFKA_BOOTSTRAP", bootstrap(),
                "POSTMESH_KAFKA_REPLICAS", Integer.toString(plan.brokers),
                "POSTMESH_REDIS_URL", redisUrl(),
                "POSTMESH_DATA_DIR", plan.folder.resolve("mesh").toString(),
                "POSTMESH_INSTANCE", Integer.toString(copy),
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + ports.of(name + ".http")));
        environment.put("POSTMESH_SMTP_LISTEN", "127.0.0.1:" + ports.of("ingress-" + copy + ".smtp"));
        environment.putAll(plan.settings);
        var command = java(service.heap);
        command.addAll(List.of("io.postmesh.local.Main", "service", service.word()));
        return new Launch(name, command, environment, new Readiness.Readyz(ports.of(name + ".http")));
    }

    private List<String> java(String heap) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xshare:auto",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(plan.javaOptions);
        command.addAll(List.of("-cp", plan.classPath));
        return command;
    }

    // Side by side: the last of three brokers would wait for a majority that is gone.
    private static void stop(List<Member> some) throws IOException {
        var running = some.stream().filter(Member::isRunning).toList();
        running.forEach(Member::askToEnd);
        for (var member : running) {
            var _ = member.awaitEnd(STOP);
        }
    }

    // All at once first: nobody shall spend seconds on the death of another.
    private void killAll() {
        members.values().forEach(Member::killUnawaited);
        for (var member : members.values()) {
            try {
                member.awaitGone();
            } catch (IOException e) {
                continue; // the last will knows its pid
            }
        }
    }

    private Path outputs() {
        return plan.folder.resolve("out");
    }

    private Path pids() {
        return plan.folder.resolve("pids");
    }
}
