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
import java.util.concurrent.TimeUnit;

/// A running mesh of processes. Closing it kills whoever is left; so does the end of the process that started
/// it.
public final class Cluster implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String NODE = "node";
    static final String MAIN = "io.postmesh.local.Main";

    private final ClusterPlan plan;
    private final Ports ports;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<Passage> passages = new ArrayList<>();
    private final LastWill will;
    private final Thread hook = Thread.ofPlatform().unstarted(this::leaveNobody);

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

    /// By name: `node`, or `broker-1`, `redis`, `ingress-1`, `policy-2`, `signer-1`, `delivery-2`.
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
    ///
    /// @throws IOException when the one node has not said yet where its broker is
    public String bootstrap() throws IOException {
        if (plan.oneNode)
            return Files.readString(data().resolve("kafka.address")).strip();
        var addresses = new ArrayList<String>();
        for (int node = 1; node <= plan.brokers; node++) addresses.add("127.0.0.1:" + ports.of(clientPort(node)));
        return String.join(",", addresses);
    }

    private String clientPort(int node) {
        return plan.passages ? "broker-" + node + ".told" : "broker-" + node;
    }

    /// Between the clients and each broker, the first one's first; none unless the plan asks for them.
    public List<Passage> passages() {
        return List.copyOf(passages);
    }

    public String redisUrl() throws IOException {
        return "redis://127.0.0.1:" + ports.of("redis");
    }

    /// The door of a copy of ingress, from 1 on.
    public InetSocketAddress smtp(int copy) throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.of("ingress-" + copy + ".smtp"));
    }

    /// Every door.
    public List<InetSocketAddress> doors() throws IOException {
        if (plan.oneNode)
            return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.of(NODE + ".smtp")));
        var doors = new ArrayList<InetSocketAddress>();
        for (int copy = 1; copy <= plan.copies.getOrDefault(ServiceName.INGRESS, 0); copy++) doors.add(smtp(copy));
        return doors;
    }

    /// The data folder of the services, or of the one node.
    public Path data() {
        return plan.folder.resolve("mesh");
    }

    /// The data folder of a broker.
    public Path data(String broker) {
        return plan.folder.resolve(broker);
    }

    /// How `./postmesh <words>` would run here, with the settings of this mesh: its command and its
    /// environment.
    public ProcessBuilder command(String... words) throws IOException {
        var command = plan.jvm("512m");
        command.add(MAIN);
        command.addAll(List.of(words));
        return outsider(command);
    }

    /// A program of the class path that talks to the brokers, by the name of its main class.
    public ProcessBuilder program(String mainClass, String... arguments) throws IOException {
        var command = plan.jvm("128m");
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return outsider(command);
    }

    private ProcessBuilder outsider(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(outputs().toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
        builder.environment().put("POSTMESH_KAFKA_BOOTSTRAP", bootstrap());
        return builder;
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
        stop(named(NODE));
        for (var service : ServiceName.values()) stop(copies(service));
        stop(named("redis"));
        stop(members().stream()
                .filter(member -> member.name().startsWith("broker-"))
                .toList());
    }

    private List<Member> named(String name) {
        return members().stream().filter(member -> member.name().equals(name)).toList();
    }

    /// Kills whoever is left.
    @Override
    public void close() throws IOException {
        killAll();
        endOrphans();
        for (var passage : passages) passage.close();
        will.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the process ends, and the hook has done the same
        }
    }

    /// A killed node's Redis lives on until the next start finds it; here it ends at once.
    public void endOrphans() {
        var orphans = orphans();
        orphans.forEach(ProcessHandle::destroyForcibly);
        orphans.forEach(gone ->
                gone.onExit().completeOnTimeout(gone, 5, TimeUnit.SECONDS).join());
    }

    private void leaveNobody() {
        killAll();
        endOrphans();
    }

    // Its program lies in our folder.
    private List<ProcessHandle> orphans() {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info()
                        .command()
                        .filter(program -> Path.of(program).startsWith(plan.folder))
                        .isPresent())
                .toList();
    }

    private void begin() throws IOException {
        if (plan.oneNode) {
            startAll(List.of(node()));
            return;
        }
        var backends = new ArrayList<Launch>();
        for (int node = 1; node <= plan.brokers; node++) backends.add(broker(node));
        backends.add(redis());
        for (int node = 1; plan.passages && node <= plan.brokers; node++)
            passages.add(Passage.open(ports.of("broker-" + node + ".told"), ports.of("broker-" + node + ".way")));
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
        var command = plan.jvm("256m");
        command.add("io.postmesh.embedded.BrokerMain");
        command.add(plan.folder.resolve("broker-" + node).toString());
        command.add(Integer.toString(node));
        for (int peer = 1; peer <= plan.brokers; peer++) command.add(seat("broker-" + peer));
        return new Launch("broker-" + node, command, Map.of(), new Readiness.Line("ready "));
    }

    private String seat(String broker) throws IOException {
        var seat = ports.of(broker) + "/" + ports.of(broker + ".controller");
        return plan.passages ? seat + "/" + ports.of(broker + ".way") + "/" + ports.of(broker + ".told") : seat;
    }

    private Launch redis() throws IOException {
        int port = ports.of("redis");
        return new Launch("redis", redisCommand(port), Map.of(), new Readiness.Redis(port));
    }

    // Redis itself is to be our child, so the program only unpacks it and says how it is run.
    private List<String> redisCommand(int port) throws IOException {
        var ask = plan.jvm("64m");
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

    private Launch node() throws IOException {
        var environment = new LinkedHashMap<>(Map.of(
                "POSTMESH_DATA_DIR", data().toString(),
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:" + ports.of(NODE + ".smtp"),
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + ports.of(NODE + ".http")));
        environment.putAll(plan.settings);
        var command = plan.jvm("640m");
        command.addAll(List.of(MAIN, "run"));
        return new Launch(NODE, command, environment, new Readiness.Readyz(ports.of(NODE + ".http")));
    }

    private Launch service(ServiceName service, int copy) throws IOException {
        var name = service.word() + "-" + copy;
        var environment = new LinkedHashMap<>(Map.of(
                "POSTMESH_KAFKA_BOOTSTRAP", bootstrap(),
                "POSTMESH_KAFKA_REPLICAS", Integer.toString(plan.brokers),
                "POSTMESH_REDIS_URL", redisUrl(),
                "POSTMESH_DATA_DIR", data().toString(),
                "POSTMESH_INSTANCE", Integer.toString(copy),
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + ports.of(name + ".http")));
        environment.put("POSTMESH_SMTP_LISTEN", "127.0.0.1:" + ports.of("ingress-" + copy + ".smtp"));
        environment.putAll(plan.settings);
        var command = plan.jvm(service.heap);
        command.addAll(List.of(MAIN, "service", service.word()));
        return new Launch(name, command, environment, new Readiness.Readyz(ports.of(name + ".http")));
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
