package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.ServiceName;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What a row is done to. Rows with equal plans that follow one another share one running mesh.
///
/// @param oneNode  one process, `./postmesh run`, and no brokers of its own
/// @param copies   of each service
/// @param settings beside what every mesh here has
/// @param tls      the sink offers STARTTLS, with a certificate nobody knows
/// @param images   each broker, or the one node, keeps its data on a disk image of its own, so that its power
///                 can be
/// cut
public record MeshPlan(
        boolean oneNode,
        int brokers,
        Map<ServiceName, Integer> copies,
        Map<String, String> settings,
        boolean tls,
        boolean images) {
    public MeshPlan {
        copies = Map.copyOf(copies);
        settings = Map.copyOf(settings);
    }

    /// Three brokers, a Redis, two processes of each service.
    public static MeshPlan cluster() {
        var two = new EnumMap<ServiceName, Integer>(ServiceName.class);
        for (var service : ServiceName.values()) two.put(service, 2);
        return new MeshPlan(false, 3, two, Map.of(), false, false);
    }

    /// One process with everything in it.
    public static MeshPlan node() {
        return new MeshPlan(true, 0, Map.of(), Map.of(), false, false);
    }

    public MeshPlan copies(ServiceName service, int count) {
        var other = new EnumMap<>(copies);
        other.put(service, count);
        return new MeshPlan(oneNode, brokers, other, settings, tls, images);
    }

    public MeshPlan set(String name, String value) {
        var other = new TreeMap<>(settings);
        other.put(name, value);
        return new MeshPlan(oneNode, brokers, copies, other, tls, images);
    }

    public MeshPlan onImages() {
        return new MeshPlan(oneNode, brokers, copies, settings, tls, true);
    }

    public MeshPlan sinkWithTls() {
        return new MeshPlan(oneNode, brokers, copies, settings, true, images);
    }

    ClusterPlan of(ClusterPlan plan) {
        if (oneNode) plan.oneNode();
        else plan.brokers(brokers);
        copies.forEach(plan::copies);
        settings.forEach(plan::set);
        return plan;
    }
}
