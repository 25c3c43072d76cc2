package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A row in which Kafka takes nothing for a while. Who asks is put off and hears so in time; when the trouble is over
/// mail is taken again, and meanwhile nobody was refused for good or served twice.
interface KafkaInTrouble extends Row {
    Duration ANSWER = Duration.ofSeconds(31); // the door's 30 s, and a second on the way

    @Override
    default Workload shape(Workload asked) {
        return asked.patience(Duration.ofMinutes(15));
    }

    @Override
    default List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    static List<Member> brokers(Scene scene) {
        return scene.cluster().members().stream()
                .filter(member -> member.name().startsWith("broker-"))
                .toList();
    }

    /// The trouble is over but for what is left to mend; measures how long it takes from here until mail is taken.
    static void takenAgain(Scene scene, Duration atMost, Scene.Deed mending) throws Exception {
        var healed = Instant.now();
        int taken = scene.taken();
        mending.run();
        scene.awaitThat(() -> scene.taken() > taken || scene.loadIsOver());
        scene.book().measured("250 again", Duration.between(healed, Instant.now()), atMost);
    }
}
