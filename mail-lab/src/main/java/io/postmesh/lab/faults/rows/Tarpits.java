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
import io.postmesh.lab.load.Witness.Accepted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/// C05: half of a hundred domains answer RCPT with an octet every 5 s, which takes two minutes. The other half's mail
/// does not wait for them.
public record Tarpits() implements Row {
    private static final int DOMAINS = 100;
    private static final int SLOW = 50;
    private static final Duration HEALTHY = Duration.ofSeconds(60);
    private static final double WORTH = 0.8;

    @Override
    public String id() {
        return "C05";
    }

    @Override
    public String what() {
        return "50 of 100 domains are tarpits: an octet every 5 s";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node();
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
        return asked.domains(DOMAINS).sizes(SizeMix.of(4 * 1024));
    }

    @Override
    public void prepare(Mesh mesh) {
        for (var domain : slow()) mesh.sink().rules().add(domain + " RCPT drip 5s");
    }

    private static Set<String> slow() {
        var slow = new HashSet<String>();
        for (int domain = 0; domain < SLOW; domain++) slow.add(Cells.domain(domain));
        return slow;
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.fault("50 domains are tarpits", () -> scene.awaitShare(1));
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    // The tarpits stand until the load is over.
    @Override
    public List<String> judge(Evidence evidence) {
        var slow = slow();
        BiPredicate<Accepted, String> healthy = (_, to) -> !slow.contains(to.substring(to.indexOf('@') + 1));
        var accounts = Accounts.of(evidence);
        var waits = accounts.waits(healthy);
        if (waits.isEmpty()) return List.of("no mail to healthy domains");
        int inTime = accounts.arrived(healthy, evidence.injections().getFirst().until());
        var p95 = waits.get((int) (waits.size() * 0.95));
        var wrong = new ArrayList<String>();
        if (p95.compareTo(HEALTHY) > 0) wrong.add("p95 of healthy domains is " + p95.toSeconds() + " s, not 60");
        if (inTime < WORTH * waits.size())
            wrong.add(inTime + " of " + waits.size() + " healthy recipients were served while the tarpits stood");
        return wrong;
    }
}
