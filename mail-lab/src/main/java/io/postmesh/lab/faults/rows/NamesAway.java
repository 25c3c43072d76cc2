package io.postmesh.lab.faults.rows;

import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.Mesh;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// C01: the name server says SERVFAIL, or nothing, or REFUSED, for ten minutes in all. Mail waits and none bounces;
/// once names are known again all of it is delivered within a retry.
public record NamesAway() implements Row {
    private static final List<String> HOW = List.of("SERVFAIL", "TIMEOUT", "REFUSED");
    private static final Duration EACH = Duration.ofSeconds(200);
    // A destination that could not be found rests, twice as long each time: at most as long as it has been away.
    private static final Duration A_RETRY = EACH.plusSeconds(70);

    @Override
    public String id() {
        return "C01";
    }

    @Override
    public String what() {
        return "no names for 10 min: SERVFAIL, silence, REFUSED";
    }

    // Names of its own: what other rows asked for is remembered.
    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().set("POSTMESH_MESSAGE_LIFETIME", "1h");
    }

    @Override
    public int faults() {
        return HOW.size();
    }

    @Override
    public Duration pace() {
        return EACH.plus(A_RETRY);
    }

    @Override
    public void prepare(Mesh mesh) {
        mesh.zone(zone(""));
    }

    // A second to live: a resolver that remembers a name does not notice.
    private static String zone(String fault) {
        var zone = new StringBuilder();
        for (int domain = 0; domain < 30; domain++) {
            var name = Cells.domain(domain);
            zone.append(name).append(" 1 IN MX 10 fault-sink\n");
            if (!fault.isEmpty())
                zone.append(name).append(" FAULT ").append(fault).append('\n');
        }
        return zone.toString();
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.spread(number -> {
            var how = HOW.get(number - 1);
            scene.fault(how + " for " + EACH.toSeconds() + " s", () -> {
                scene.mesh().zone(zone(how));
                scene.lasting(EACH);
            });
            int promised = scene.promised();
            int settled = scene.settled();
            scene.book().note(how + ": " + (promised - settled) + " recipients waited");
            scene.mesh().zone(zone(""));
            var healed = Instant.now();
            scene.comesTrue(() -> scene.isSettled(healed), A_RETRY.multipliedBy(2));
            scene.book().measured("delivered after " + how, Duration.between(healed, Instant.now()), A_RETRY);
        });
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public List<String> judge(Evidence evidence) {
        int bounced = evidence.reports().size();
        return bounced == 0 ? List.of() : List.of(bounced + " reports, of mail whose domains nobody could look up");
    }
}
