package io.postmesh.lab.faults.rows;

import static io.postmesh.lab.faults.rows.KafkaInTrouble.takenAgain;

import io.postmesh.lab.cluster.Passage;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;

/// A17: for a minute Kafka answers those who write 40 s late. A client hears 451 or 250 within 30 s, and never a 250
/// after that.
public record SlowKafka() implements KafkaInTrouble {
    private static final Duration LATE = Duration.ofSeconds(40);
    private static final Duration LASTING = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "A17";
    }

    @Override
    public String what() {
        return "Kafka acknowledges 40 s late for 60 s";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().passages();
    }

    @Override
    public int faults() {
        return 3;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.spread(_ -> slow(scene));
        scene.book().measured("answer to a dot", scene.longestAnswer(), ANSWER);
    }

    private static void slow(Scene scene) throws Exception {
        scene.fault("acknowledgements 40 s late for 60 s", () -> {
            all(scene, LATE);
            scene.lasting(LASTING);
        });
        all(scene, Duration.ZERO);
        takenAgain(scene, AGAIN, () -> {});
    }

    private static void all(Scene scene, Duration late) {
        for (Passage passage : scene.cluster().passages()) passage.late(late);
    }
}
