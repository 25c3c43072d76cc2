package io.postmesh.lab.faults.rows;

import static io.postmesh.lab.faults.MeshPlan.cluster;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Every row, in the order they are run.
public final class Rows {
    private static final Duration SOON = Duration.ofSeconds(15);

    /// What CI runs, shortened.
    public static final Set<String> CI =
            Set.of("A01", "A02", "A03", "A04", "A06", "A08", "A13", "A16", "B01", "C06", "C09", "K08");

    private Rows() {}

    public static List<Row> all() {
        return List.of(
                new ServiceKilled(
                        "A01",
                        ServiceName.INGRESS,
                        cluster(),
                        Duration.ZERO,
                        SOON,
                        List.of(Bar.noCopies(), Bar.neverRefused())),
                new ServiceKilled(
                        "A04",
                        ServiceName.DELIVERY,
                        cluster(),
                        Duration.ofSeconds(1),
                        Scene.NO_LIMIT,
                        List.of(Bar.takeOver(SOON))));
    }
}
