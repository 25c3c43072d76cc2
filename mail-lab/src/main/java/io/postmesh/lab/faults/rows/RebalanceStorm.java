package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;

/// A19: of three delivery workers one stops or one starts every 5 s, for 5 minutes: partitions move all the
/// time.
public record RebalanceStorm() implements Row {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final int IN_A_THOUSAND = 5;

    @Override
    public String id() {
        return "A19";
    }

    @Override
    public String what() {
        return "a delivery worker stops or starts every 5 s";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().copies(ServiceName.DELIVERY, 3);
    }

    @Override
    public int faults() {
        return 60;
    }

    @Override
    public Duration pace() {
        return EVERY;
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.sink().rules().add("* DOT late 200ms"); // so that a partition never moves without mail past its dot
        scene.repeat(EVERY, _ -> change(scene));
    }

    private static void change(Scene scene) throws Exception {
        var stopped = scene.cluster().copies(ServiceName.DELIVERY).stream()
                .filter(worker -> !worker.isRunning())
                .toList();
        if (stopped.isEmpty()) stop(scene, scene.pick(ServiceName.DELIVERY));
        else scene.fault("start " + stopped.getFirst().name(), () -> scene.start(stopped.getFirst()));
    }

    private static void stop(Scene scene, Member worker) throws Exception {
        scene.fault("SIGTERM " + worker.name(), () -> worker.terminate(STOP));
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.that(
                "DUP at most 0.5 %", verdict -> verdict.copies() * 1_000 <= verdict.recipients() * IN_A_THOUSAND));
    }
}
