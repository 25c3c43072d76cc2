package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Passage;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A18: for 10 s nobody who writes reads an answer of Kafka's; then all comes at once, or, by turns, is lost with its
/// connections. Writers write again, and no record is in a log twice.
public record AcknowledgementsLost() implements Row {
    private static final Duration LASTING = Duration.ofSeconds(10);

    @Override
    public String id() {
        return "A18";
    }

    @Override
    public String what() {
        return "Kafka's acknowledgements held for 10 s, every other time lost";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().passages();
    }

    @Override
    public int faults() {
        return 8;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(15);
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused(), Bar.acceptGap(Duration.ofSeconds(30)));
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.spread(number -> {
            boolean lost = number % 2 == 0;
            scene.fault(lost ? "acknowledgements lost after 10 s" : "acknowledgements held for 10 s", () -> {
                scene.cluster().passages().forEach(Passage::shut);
                scene.lasting(LASTING);
            });
            scene.cluster().passages().forEach(lost ? Passage::lose : Passage::open);
        });
    }

    @Override
    public List<String> audited(Map<String, Long> sums) {
        long repeats = sums.getOrDefault("repeats", 0L);
        return repeats == 0 ? List.of() : List.of(repeats + " recipients came twice out of a log");
    }
}
