package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/// K08: the one-node process is killed 8 s after mail flows again, again and again (LEDGER L24).
public record NodeKilled() implements Row {
    private static final Duration BETWEEN = Duration.ofSeconds(8);
    private static final Duration FLOWS = Duration.ofSeconds(15);

    @Override
    public String id() {
        return "K08";
    }

    @Override
    public String what() {
        return "kill -9 of the one-node process every 8 s";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node();
    }

    @Override
    public int faults() {
        return 20;
    }

    @Override
    public Duration pace() {
        return BETWEEN.multipliedBy(2);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.repeat(BETWEEN, _ -> kill(scene, scene.cluster().member("node")));
    }

    private static void kill(Scene scene, Member node) throws Exception {
        scene.fault("kill -9 node", node::kill);
        var dead = Instant.now();
        int taken = scene.taken();
        int delivered = scene.delivered();
        scene.start(node);
        await(scene, node, () -> scene.taken() > taken);
        scene.book().measured("250 again", Duration.between(dead, Instant.now()), FLOWS);
        await(scene, node, () -> scene.delivered() > delivered);
        scene.book().measured("delivered again", Duration.between(dead, Instant.now()), FLOWS);
    }

    // A node that ends by itself is started again, as a supervisor would, and it is a miss.
    private static void await(Scene scene, Member node, BooleanSupplier fact) throws IOException {
        scene.awaitThat(() -> fact.getAsBoolean() || scene.loadIsOver() || !node.isRunning());
        if (node.isRunning()) return;
        scene.book()
                .check(
                        "a start after kill -9 that does not fail, see "
                                + node.output().getFileName(),
                        false);
        scene.start(node);
        scene.awaitThat(() -> fact.getAsBoolean() || scene.loadIsOver());
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.neverRefused());
    }
}
