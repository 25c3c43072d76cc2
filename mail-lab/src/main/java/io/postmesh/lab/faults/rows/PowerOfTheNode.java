package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.MovedClock;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// P30: the machine of the one node loses its power, is off for 30 minutes, the last time for a night and a day, and
/// comes back: broker, Redis and all services at once, on what was fsynced, with a clock that has gone on. Some mail
/// waits for its next attempt meanwhile.
public record PowerOfTheNode() implements Row {
    private static final Duration OFF = Duration.ofMinutes(30);
    // Longer than a checkpoint of the waiting room is good for (L20), and the audit still looks back to the first mail.
    private static final Duration LONG_OFF = Duration.ofHours(20);

    @Override
    public String id() {
        return "P30";
    }

    @Override
    public String what() {
        return "power cut of the one node, 30 minutes off, the last time 20 hours, restart";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.node().onImages();
    }

    @Override
    public int faults() {
        return 4;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(20);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.sink().rules().add("* RCPT first 100 450 4.2.0 Not now");
        scene.spread(number -> {
            scene.cutPower(List.of(scene.cluster().member("node")));
            var off = OFF.multipliedBy(number);
            scene.environment(MovedClock.ahead(number == scene.faults() ? off.plus(LONG_OFF) : off));
            comeBack(scene, scene.cluster().member("node"));
        });
    }

    private static void comeBack(Scene scene, Member node) throws Exception {
        var on = Instant.now();
        int taken = scene.taken();
        scene.startAgain(node, Scene.NO_LIMIT);
        scene.awaitThat(() -> scene.taken() > taken || scene.loadIsOver());
        scene.book().measured("250 again", Duration.between(on, Instant.now()), Duration.ofSeconds(15));
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.neverRefused());
    }
}
