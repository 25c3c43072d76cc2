package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A01 to A04: one of two copies of a service is killed, by chance, and started again, 20 times.
///
/// @param slow how late the sink answers a dot, so that deliveries are open whenever one dies
/// @param ready how soon it has to be back
public record ServiceKilled(
        String id, ServiceName service, MeshPlan mesh, Duration slow, Duration ready, List<Bar> bars) implements Row {
    public ServiceKilled {
        bars = List.copyOf(bars);
    }

    ServiceKilled on(MeshPlan other) {
        return new ServiceKilled(id, service, other, slow, ready, bars);
    }

    ServiceKilled slow(Duration reply) {
        return new ServiceKilled(id, service, mesh, reply, ready, bars);
    }

    ServiceKilled readyWithin(Duration atMost) {
        return new ServiceKilled(id, service, mesh, slow, atMost, bars);
    }

    ServiceKilled bars(Bar... other) {
        return new ServiceKilled(id, service, mesh, slow, ready, List.of(other));
    }

    @Override
    public String what() {
        var other = mesh.settings().get("POSTMESH_TRANSACTIONS");
        return "kill -9 of " + service.name().toLowerCase(Locale.ROOT)
                + ("false".equals(other) ? ", without transactions" : "");
    }

    @Override
    public int faults() {
        return 20;
    }

    @Override
    public void inject(Scene scene) throws Exception {
        if (slow.isPositive()) scene.sink().rules().add("* DOT late " + slow.toMillis() + "ms");
        scene.spread(_ -> scene.killAndStart(scene.pick(service), ready));
    }
}
