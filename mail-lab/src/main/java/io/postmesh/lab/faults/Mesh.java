package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A mesh of real processes and the world around it: a sink that is every domain's mail server, a name server
/// that says so, the sender's keys.
public final class Mesh implements AutoCloseable {
    // A name of one label: below a domain of mail its existence would hide that domain from the wildcard (RFC 4592).
    private static final String ZONE = """
            * MX 10 fault-sink
            fault-sink A 127.0.0.1
            """;
    // Where there are names of mail, what they imply hides the first wildcard.
    private static final String BESIDE_OTHERS = """
            *.test MX 10 fault-sink
            *.load.test MX 10 fault-sink
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int LIVES = 3;

    private final MeshPlan plan;
    private final Path folder;
    private final SmtpSink sink;
    private final ToyDns dns;
    private final Optional<Disks> disks;
    private final Cluster cluster;
    private AuditSheet audited = AuditSheet.EMPTY;

    private Mesh(MeshPlan plan, Path folder, ClusterPlan programs) throws IOException, CannotRun {
        this.plan = plan;
        this.folder = Files.createDirectories(folder);
        Keys.make(keys());
        disks = plan.has(MeshPlan.Extra.IMAGES) ? Optional.of(Disks.make(folder, homes())) : Optional.empty();
        var options = new SinkOptions().memory(1);
        sink = SmtpSink.start(plan.has(MeshPlan.Extra.TLS) ? options.startTls() : options);
        dns = ToyDns.start(ZONE);
        try {
            cluster = start(plan.of(world(programs.patience(PATIENCE))));
        } catch (IOException | RuntimeException e) {
            closeWorld();
            throw e;
        }
    }

    /// Returns when every process works.
    ///
    /// @param folder   for all that the processes keep and print; empty, or not there
    /// @param programs on that folder
    static Mesh open(MeshPlan plan, Path folder, ClusterPlan programs) throws IOException, CannotRun {
        return new Mesh(plan, folder, programs);
    }

    // As an operator's supervisor would: a service that finds Kafka too slow at its start ends, and is started again.
    private static Cluster start(ClusterPlan plan) throws IOException {
        for (int life = 1; ; life++) {
            try {
                return Cluster.start(plan);
            } catch (IOException e) {
                if (life == LIVES) throw e;
            }
        }
    }

    private ClusterPlan world(ClusterPlan mesh) {
        return mesh.set("ALLOWED_SENDER_DOMAINS", "demo.test")
                .set("POSTFIX_myhostname", "mesh.test")
                .set("POSTMESH_DKIM_KEYS", keys().toString())
                .set("POSTMESH_EGRESS", "loopback")
                .set("POSTMESH_DNS_SERVERS", "127.0.0.1:" + dns.port())
                .set("POSTMESH_DELIVERY_PORT", Integer.toString(sink.port()))
                .set("POSTMESH_RETRY_SCHEDULE", "2s")
                .set("POSTMESH_ACCEPTED_PARTITIONS", "4")
                .set("POSTMESH_OWNER_PARTITIONS", "4");
    }

    /// The folder that keeps a member's data.
    static String home(Member member) {
        return member.name().equals("node") ? "mesh" : member.name();
    }

    private List<String> homes() {
        if (plan.oneNode()) return List.of("mesh");
        var homes = new ArrayList<String>();
        for (int node = 1; node <= plan.brokers(); node++) homes.add("broker-" + node);
        return homes;
    }

    MeshPlan plan() {
        return plan;
    }

    public Cluster cluster() {
        return cluster;
    }

    public SmtpSink sink() {
        return sink;
    }

    public ToyDns dns() {
        return dns;
    }

    /// Where the power can be cut.
    public Disks disks() {
        return disks.orElseThrow(() -> new IllegalStateException("this row's mesh has no disk images"));
    }

    /// More names than the wildcard knows, before it is asked for them: answers are kept for a minute.
    public void zone(String lines) {
        dns.zone(ZONE + BESIDE_OTHERS + lines);
    }

    /// The world behaves again.
    void calm() {
        sink.rules().clear();
        dns.zone(ZONE);
    }

    /// What the audit of the row before said.
    AuditSheet audited() {
        return audited;
    }

    void audited(AuditSheet now) {
        audited = now;
    }

    Path keys() {
        return folder.resolve("keys");
    }

    Path folder() {
        return folder;
    }

    /// Starts whoever is dead, and waits until all are ready.
    void heal(Map<String, String> environment) throws IOException {
        for (var member : cluster.members()) if (!member.isRunning()) member.start(environment);
        for (var member : cluster.members()) awaitReady(member, environment);
    }

    /// @return how often it had to be started once more, because it ended before it was ready
    static int awaitReady(Member member, Map<String, String> environment) throws IOException {
        for (int life = 1; ; life++) {
            try {
                member.awaitReady(PATIENCE);
                return life - 1;
            } catch (IOException e) {
                if (member.isRunning() || life == LIVES) throw e;
                member.start(environment);
            }
        }
    }

    boolean isWhole() {
        return cluster.members().stream().allMatch(Member::isRunning);
    }

    @Override
    public void close() throws IOException {
        try (cluster) {
            if (isWhole()) cluster.stop();
        } finally {
            closeWorld();
        }
    }

    private void closeWorld() throws IOException {
        sink.close();
        dns.close();
        if (disks.isPresent()) disks.get().close();
    }
}
