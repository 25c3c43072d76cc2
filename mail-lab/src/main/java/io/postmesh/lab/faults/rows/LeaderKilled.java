package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;

/// A06: of three brokers the one that leads a partition of accepted mail is killed and started again, 10 times.
public record LeaderKilled() implements Row {
    @Override
    public String id() {
        return "A06";
    }

    @Override
    public String what() {
        return "kill -9 of the broker that leads";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    @Override
    public int faults() {
        return 10;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        try (var hand = KafkaHand.of(scene.cluster())) {
            var brokers = new Brokers(scene, hand);
            scene.spread(_ -> {
                brokers.awaitInSync();
                scene.killAndStart(brokers.leader(), Scene.NO_LIMIT);
            });
            brokers.awaitInSync();
        }
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.acceptGap(Duration.ofSeconds(15)), Bar.neverRefused());
    }
}
