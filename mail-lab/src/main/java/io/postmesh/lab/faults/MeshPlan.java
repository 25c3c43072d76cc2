package io.postmesh.lab.faults;

import io.postmesh.lab.cluster.ClusterPlan;
import io.postmesh.lab.cluster.ServiceName;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a row is done to. Rows with equal plans that follow one another share one running mesh.
///
/// @param oneNode  one process, `./postmesh run`, and no brokers of its own
/// @param copies   of each service
/// @param settings beside what every mesh here has
public record MeshPlan(
        boolean oneNode,
        int brokers,
        Map<ServiceName, Integer> copies,
        Map<String, String> settings,
        Set<Extra> extras) {

    /// What takes some trouble, so a mesh has it only for rows that need it.
    enum Extra {
        /// Each broker, or the one node, keeps its data on a disk image of its own, so that its power can be cut.
        IMAGES,
        /// The services reach each broker through a [io.postmesh.lab.cluster.Passage].
        PASSAGES,
        /// The sink offers STARTTLS, with a certificate nobody knows.
        TLS
    }

    public MeshPlan {
        copies = Map.copyOf(copies);
        settings = Map.copyOf(settings);
        extras = Set.copyOf(extras);
    }

    /// Three brokers, a Redis, two processes of each service.
    public static MeshPlan cluster() {
        var two = new EnumMap<ServiceName, Integer>(ServiceName.class);
        for (var service : ServiceName.values()) two.put(service, 2);
        return new MeshPlan(false, 3, two, Map.of(), Set.of());
    }

    /// One process with everything in it.
    public static MeshPlan node() {
        return new MeshPlan(true, 0, Map.of(), Map.of(), Set.of());
    }

    public MeshPlan copies(ServiceName service, int count) {
        var other = new EnumMap<>(copies);
        other.put(service, count);
        return new MeshPlan(oneNode, brokers, other, settings, extras);
    }

    public MeshPlan set(String name, String value) {
        var other = new TreeMap<>(settings);
        other.put(name, value);
        return new MeshPlan(oneNode, brokers, copies, other, extras);
    }

    public MeshPlan onImages() {
        return with(Extra.IMAGES);
    }

    public MeshPlan passages() {
        return with(Extra.PASSAGES);
    }

    public MeshPlan sinkWithTls() {
        return with(Extra.TLS);
    }

    private MeshPlan with(Extra extra) {
        var other = EnumSet.of(extra);
        other.addAll(extras);
        return new MeshPlan(oneNode, brokers, copies, settings, other);
    }

    boolean has(Extra extra) {
        return extras.contains(extra);
    }

    ClusterPlan of(ClusterPlan plan) {
        if (oneNode) plan.oneNode();
        else plan.brokers(brokers);
        if (has(Extra.PASSAGES)) plan.passages();
        copies.forEach(plan::copies);
        settings.forEach(plan::set);
        return plan;
    }
}
