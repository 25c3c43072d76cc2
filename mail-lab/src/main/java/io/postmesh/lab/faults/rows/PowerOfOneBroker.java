package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.util.List;

/// A08: a broker that leads loses its power and what it had not fsynced. Every second time one of the others is
/// stopped before, and leadership is given back to the one that was cut: whatever it forgot, nobody would know.
public record PowerOfOneBroker() implements Row {
    private static final Duration STOP = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "A08";
    }

    @Override
    public String what() {
        return "power cut of one broker; every second time with another one stopped, and leading again";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().onImages();
    }

    @Override
    public int faults() {
        return 20;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        try (var hand = KafkaHand.of(scene.cluster())) {
            var brokers = new Brokers(scene, hand);
            scene.spread(number -> {
                brokers.awaitInSync();
                if (number % 2 == 1) cut(scene, brokers.leader());
                else cutWithOneStopped(scene, hand, brokers.leader());
            });
            brokers.awaitInSync();
        }
    }

    private static void cut(Scene scene, Member victim) throws Exception {
        scene.cutPower(List.of(victim));
        scene.startAgain(victim, Scene.NO_LIMIT);
    }

    private static void cutWithOneStopped(Scene scene, KafkaHand hand, Member victim) throws Exception {
        var other = other(scene, victim);
        scene.fault("SIGTERM " + other.name(), () -> other.terminate(STOP));
        cut(scene, victim);
        scene.book().check(victim.name() + " leads again", hand.lead(victim));
        scene.startAgain(other, Scene.NO_LIMIT);
    }

    private static Member other(Scene scene, Member victim) {
        var others = scene.cluster().members().stream()
                .filter(member -> member.name().startsWith("broker-") && member != victim)
                .toList();
        return others.get(scene.dice().nextInt(others.size()));
    }

    // No bar for the accept gap: with two of three away nobody may say 250 until one is back.
    @Override
    public List<Bar> bars() {
        return List.of(Bar.neverRefused());
    }
}
