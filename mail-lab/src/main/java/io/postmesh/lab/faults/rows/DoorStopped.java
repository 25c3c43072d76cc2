package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A14: a door is told to stop while 50 clients are in the middle of DATA. Half of them send the rest, half
/// say no more: each hears 250 or 421, and the process ends.
public record DoorStopped() implements Row {
    private static final int CLIENTS = 50;
    private static final Duration ENDS = Duration.ofSeconds(30);

    @Override
    public String id() {
        return "A14";
    }

    @Override
    public String what() {
        return "SIGTERM of ingress with 50 clients in the middle of DATA";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    @Override
    public int faults() {
        return 6;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.spread(number -> {
            int copy = number % 2 + 1;
            var clients = new ArrayList<HalfSent>();
            try {
                for (int i = 0; i < CLIENTS; i++)
                    clients.add(HalfSent.open(
                            scene.cluster().smtp(copy), scene.workload().seed() + "." + number + "." + i));
                stop(scene, scene.cluster().member("ingress-" + copy), clients);
            } finally {
                for (var client : clients) client.close();
            }
        });
    }

    private static void stop(Scene scene, Member door, List<HalfSent> clients) throws Exception {
        var begun = Instant.now();
        scene.fault("SIGTERM " + door.name(), () -> {
            door.askToEnd();
            for (int i = 0; i < clients.size(); i += 2) goOn(clients.get(i));
            for (int i = 0; i < clients.size(); i++) hear(scene, clients.get(i), i % 2 == 0);
            door.awaitEnd(ENDS.plus(ENDS));
        });
        scene.book().measured("ended", Duration.between(begun, Instant.now()), ENDS);
        scene.startAgain(door, Scene.NO_LIMIT);
    }

    private static void goOn(HalfSent client) {
        try {
            client.goOn();
        } catch (IOException e) {
            return; // it has been told something already, or will be missed
        }
    }

    private static void hear(Scene scene, HalfSent client, boolean wentOn) {
        try {
            var reply = client.reply();
            if (reply.startsWith("250")) scene.promised(client.accepted(reply));
            else scene.refused(client.refused(reply, wentOn));
            scene.book().check("250 or 421, not " + reply, reply.startsWith("250") || reply.startsWith("421"));
        } catch (IOException e) {
            scene.refused(client.refused(String.valueOf(e), wentOn));
            scene.book().check("a client heard nothing: " + e, false);
        }
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }
}
