package io.postmesh.lab.faults.rows;

import static io.postmesh.lab.faults.rows.KafkaInTrouble.brokers;
import static io.postmesh.lab.faults.rows.KafkaInTrouble.takenAgain;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Signs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A07: two of three brokers die and stay away for two minutes, then all three for five while remotes answer 250. Who
/// cannot store says so in time and does not lie; what the remotes said is written once Kafka is back, and nobody is
/// served twice (LEDGER L9, L13).
public record BrokersAway() implements KafkaInTrouble {
    private static final Duration TWO_AWAY = Duration.ofMinutes(2);
    private static final Duration ALL_AWAY = Duration.ofMinutes(5);
    private static final Duration READ = Duration.ofSeconds(1); // a 250 that was written before the last broker died
    private static final Duration AGAIN = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "A07";
    }

    @Override
    public String what() {
        return "2 of 3 brokers away for 2 min, all for 5 min";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    @Override
    public int faults() {
        return 2;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(60);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        var doors = scene.cluster().copies(ServiceName.INGRESS);
        int before = Signs.lines(doors, Signs.BLOCKED);
        scene.spread(number -> {
            if (number == 1) two(scene);
            else all(scene);
        });
        int blocked = Signs.lines(doors, Signs.BLOCKED) - before;
        scene.book().check("an event loop was blocked for 2 s, " + blocked + " times", blocked <= 0);
        scene.book().measured("answer to a dot", scene.longestAnswer(), ANSWER);
    }

    private static void two(Scene scene) throws Exception {
        var brokers = new ArrayList<>(brokers(scene));
        brokers.remove(scene.dice().nextInt(brokers.size()));
        away(scene, brokers, TWO_AWAY);
    }

    private static void all(Scene scene) throws Exception {
        scene.sink().rules().add("* DOT late 3s"); // so that many are past their dot when Kafka goes
        int open = scene.inFlight();
        scene.comesTrue(() -> scene.inFlight() > open, Duration.ofSeconds(30));
        away(scene, brokers(scene), ALL_AWAY);
        scene.sink().rules().clear();
    }

    private static void away(Scene scene, List<Member> brokers, Duration time) throws Exception {
        var names = String.join(", ", brokers.stream().map(Member::name).toList());
        scene.fault("kill -9 of " + names + " for " + time.toSeconds() + " s", () -> {
            for (var broker : brokers) broker.kill();
            var dead = Instant.now();
            scene.lasting(time);
            int lies = scene.takenBetween(dead.plus(READ), Instant.now());
            scene.book().check(lies + " messages were taken by brokers that were dead", lies == 0);
        });
        for (var broker : brokers) scene.start(broker); // side by side: none is ready alone
        takenAgain(scene, AGAIN, () -> {
            for (var broker : brokers) broker.awaitReady(AGAIN.multipliedBy(3));
        });
    }
}
