package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A13: every process is stopped in order, SIGTERM, and started again, one after the other.
public record RollingRestart() implements Row {
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final int PROCESSES = 12;

    @Override
    public String id() {
        return "A13";
    }

    @Override
    public String what() {
        return "rolling restart of every process";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    // Also in a shortened run: half a rolling restart is none.
    @Override
    public int fewest() {
        return PROCESSES;
    }

    @Override
    public int faults() {
        return PROCESSES;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(7);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        var order = new ArrayList<>(scene.cluster().members());
        try (var hand = KafkaHand.of(scene.cluster())) {
            var brokers = new Brokers(scene, hand);
            scene.spread(number -> {
                var next = order.get(number - 1);
                if (next.name().startsWith("broker-")) brokers.awaitInSync();
                scene.fault("SIGTERM " + next.name(), () -> next.terminate(STOP));
                scene.startAgain(next, Scene.NO_LIMIT);
            });
            brokers.awaitInSync();
        }
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused(), Bar.slowest250(Duration.ofSeconds(30)));
    }
}
