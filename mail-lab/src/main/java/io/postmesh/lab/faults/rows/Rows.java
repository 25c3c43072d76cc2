package io.postmesh.lab.faults.rows;

import static io.postmesh.lab.faults.MeshPlan.cluster;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Every row, in the order they are run.
public final class Rows {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration STAGES = Duration.ofSeconds(30); // whose group waits for Kafka's word on who is gone

    /// What CI runs, shortened.
    public static final Set<String> CI =
            Set.of("A01", "A02", "A03", "A04", "A06", "A08", "A13", "A16", "B01", "C06", "C09", "K08");

    private Rows() {}

    public static List<Row> all() {
        return Stream.concat(ofTheMesh().stream(), AroundTheMesh.rows().stream())
                .toList();
    }

    private static List<Row> ofTheMesh() {
        return List.of(
                killed("A01", ServiceName.INGRESS).readyWithin(SOON),
                killed("A02", ServiceName.POLICY),
                killed("A03", ServiceName.SIGNER),
                // With answers that take a second a destination's ten connections are busy with what comes in: what
                // waited for the take-over would wait on for a place.
                killed("A04", ServiceName.DELIVERY)
                        .slow(Duration.ofMillis(300))
                        .bars(Bar.takeOver(SOON), Bar.neverRefused()),
                new LeaderKilled(),
                new TornLog(),
                new RollingRestart(),
                new DoorStopped(),
                new PoisonRecords(),
                killed("A02t", ServiceName.POLICY).on(cluster().set("POSTMESH_TRANSACTIONS", "false")),
                new RebalanceStorm(),
                new PowerOfOneBroker(),
                new NodeKilled(),
                new PowerOfTheNode());
    }

    // No delivery is in flight in it: not one copy.
    private static ServiceKilled killed(String id, ServiceName service) {
        var bars = List.of(Bar.noCopies(), Bar.neverRefused(), Bar.takeOver(STAGES));
        return new ServiceKilled(id, service, cluster(), Duration.ZERO, Scene.NO_LIMIT, bars);
    }
}
