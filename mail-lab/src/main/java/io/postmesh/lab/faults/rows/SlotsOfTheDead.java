package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.load.SizeMix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// B05: three workers share the connections to one busy destination by leases in Redis, and one of them dies. What it
/// held is used by the others within the lease's 9 s and 5 more, every time, and there are never more connections than
/// allowed.
public record SlotsOfTheDead() implements Row {
    private static final int LIMIT = 12;
    private static final String SINK = "127.0.0.1";
    private static final Duration LEASE = Duration.ofSeconds(9);
    private static final Duration FREE = LEASE.plusSeconds(5);
    private static final Duration BUSY = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "B05";
    }

    @Override
    public String what() {
        return "kill -9 of a worker that holds connection leases";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster()
                .copies(ServiceName.DELIVERY, 3)
                .set("POSTMESH_SPREAD_DESTINATIONS", Cells.domain(0))
                .set("POSTMESH_DESTINATION_CONNECTIONS", Integer.toString(LIMIT));
    }

    @Override
    public int faults() {
        return 10;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(25);
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.domains(1).recipients(1, 1).sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.neverRefused());
    }

    // Four a second leave, more than that come: every connection that may be there is used.
    @Override
    public void inject(Scene scene) throws Exception {
        scene.sink().rules().add(Cells.domain(0) + " DOT late 3s");
        scene.spread(_ -> {
            if (!scene.comesTrue(() -> isBusy(scene), BUSY)) {
                scene.book().note("not all connections were in use before a kill: nothing to take over");
                return;
            }
            var victim = scene.pick(ServiceName.DELIVERY);
            scene.fault("kill -9 " + victim.name(), victim::kill);
            var dead = Instant.now();
            scene.comesTrue(() -> scene.sink().openAt(SINK) < LIMIT, FREE);
            scene.comesTrue(() -> isBusy(scene), BUSY);
            scene.book().measured("its connections used by others", Duration.between(dead, Instant.now()), FREE);
            scene.startAgain(victim, Scene.NO_LIMIT);
        });
        int most = scene.sink().mostOpenAt(SINK);
        scene.book().note(most + " connections at once, " + LIMIT + " allowed");
        scene.book().check(most + " connections at once", most <= LIMIT);
    }

    private static boolean isBusy(Scene scene) {
        return scene.sink().openAt(SINK) >= LIMIT;
    }
}
