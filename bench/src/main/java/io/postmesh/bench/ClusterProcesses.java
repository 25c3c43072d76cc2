package io.postmesh.bench;

import io.postmesh.lab.cluster.Cluster;
import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A whole cluster on this machine: three brokers, a Redis, some processes of each service. What it costs to be ready
/// for the death of any of them; how fast it would be on machines of its own it does not tell.
///
/// Settings of the caller's environment pass through, as for one node.
final class ClusterProcesses implements RelayUnderTest {
    private static final int BROKERS = 3;
    private static final Duration START = Duration.ofSeconds(180);

    private final Cluster cluster;
    private final int copies;
    private final boolean dkim;

    private ClusterProcesses(Cluster cluster, int copies, boolean dkim) {
        this.cluster = cluster;
        this.copies = copies;
        this.dkim = dkim;
    }

    /// @param copies of each service
    static ClusterProcesses start(Path folder, InetSocketAddress sink, boolean dkim, int copies)
            throws CannotMeasure, IOException {
        var keys = Files.createDirectories(folder.resolve("keys"));
        if (dkim) DkimKey.make(keys);
        var plan = new ClusterPlan(folder.resolve("cluster"), ClusterPlan.builtJars(PostmeshProcess.checkout()))
                .brokers(BROKERS)
                .copies(copies)
                .patience(START)
                .java("-XX:TieredStopAtLevel=4") // as the launcher starts them; the cluster's tests are shorter
                .set("POSTMESH_DKIM_KEYS", keys.toString())
                .set("DKIM_SELECTOR", DkimKey.SELECTOR)
                .set("ALLOWED_SENDER_DOMAINS", DkimKey.DOMAIN)
                .set("POSTFIX_myhostname", "bench." + DkimKey.DOMAIN)
                .set("RELAYHOST", "[" + sink.getAddress().getHostAddress() + "]:" + sink.getPort());
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("POSTMESH_")) plan.set(name, value);
        });
        return new ClusterProcesses(Cluster.start(plan), copies, dkim);
    }

    @Override
    public String name() {
        return "postmesh nodes=" + copies + " brokers=" + BROKERS + " dkim=" + (dkim ? 1 : 0);
    }

    @Override
    public List<InetSocketAddress> doors() {
        var doors = new ArrayList<InetSocketAddress>();
        try {
            for (int copy = 1; copy <= cluster.copies(ServiceName.INGRESS).size(); copy++)
                doors.add(cluster.smtp(copy));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return doors;
    }

    @Override
    public Map<String, Long> processes() {
        var processes = new LinkedHashMap<String, Long>();
        for (var member : cluster.members()) processes.put(member.name(), member.pid());
        return processes;
    }

    // In order, so that the next measurement begins on an idle machine.
    @Override
    public void close() {
        try (cluster) {
            cluster.stop();
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
        }
    }
}
