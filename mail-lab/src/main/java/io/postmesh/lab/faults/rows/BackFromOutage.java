package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Accounts;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.Mesh;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import io.postmesh.lab.load.SizeMix;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// C10: a destination is down until two thirds of the load are taken, half of it for this one. Once it is back it is
/// not overrun, and new mail, to it and to others, does not wait behind the backlog.
public record BackFromOutage() implements Row {
    private static final String ADDRESS = "127.1.1.1";
    private static final int CONNECTIONS = 10; // to one destination
    private static final double DOWN_FOR = 0.66;
    private static final Duration NEW_MAIL = Duration.ofSeconds(60);
    private static final Duration FIRST = Duration.ofMinutes(10);

    @Override
    public String id() {
        return "C10";
    }

    @Override
    public String what() {
        return "back from an outage: half of the load is its backlog";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().set("POSTMESH_DESTINATION_CONNECTIONS", Integer.toString(CONNECTIONS));
    }

    @Override
    public int faults() {
        return 1;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(180);
    }

    @Override
    public Workload shape(Workload asked) {
        return asked.domains(2).recipients(1, 1).sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public void prepare(Mesh mesh) {
        mesh.zone(Cells.domain(0) + " MX 10 was-down\nwas-down A " + ADDRESS + "\n");
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.fault("a destination is down", () -> scene.awaitShare(DOWN_FOR));
        scene.book().note((scene.promised() - scene.settled()) + " recipients waited when it came back");
        var back = Instant.now();
        int before = scene.sink().mostOpenAt(ADDRESS);
        scene.sink().alsoOn(InetAddress.getByName(ADDRESS));
        scene.comesTrue(() -> scene.sink().mostOpenAt(ADDRESS) > before, FIRST);
        scene.book()
                .measured("first connection after it came back", Duration.between(back, Instant.now()), Scene.NO_LIMIT);
        scene.awaitShare(1);
        scene.comesTrue(scene::isDrained, FIRST);
        scene.book().measured("backlog gone", Duration.between(back, Instant.now()), Scene.NO_LIMIT);
        int most = scene.sink().mostOpenAt(ADDRESS);
        scene.book().check(most + " connections at once", most <= CONNECTIONS);
        scene.book().note(most + " connections at once");
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public List<String> judge(Evidence evidence) {
        var back = evidence.injections().getFirst().until();
        var waits = Accounts.of(evidence).waits((mail, _) -> !mail.at().isBefore(back));
        if (waits.isEmpty()) return List.of("no mail came after the outage");
        var p95 = waits.get((int) (waits.size() * 0.95));
        return p95.compareTo(NEW_MAIL) <= 0
                ? List.of()
                : List.of("p95 of new mail is " + p95.toSeconds() + " s, not 60");
    }
}
