package io.postmesh.lab.faults.rows;

import static io.postmesh.lab.faults.rows.KafkaInTrouble.brokers;
import static io.postmesh.lab.faults.rows.KafkaInTrouble.takenAgain;

import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Scene;
import io.postmesh.lab.faults.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// A10: somebody else's file fills the disk of every broker: first below the room that is left alone, where mail is
/// refused for now and nothing breaks; then all of it at once, faster than anybody looks. When it is gone, mail is
/// taken again; a broker that gave up has only to be started.
public record DisksFull() implements KafkaInTrouble {
    private static final long LITTLE = 100L * 1024 * 1024; // of 4 GiB: a tenth is the floor
    private static final int MEBIBYTE = 1024 * 1024;
    private static final Duration REFUSES = Duration.ofSeconds(30);
    private static final Duration LASTING = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofSeconds(120);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public String id() {
        return "A10";
    }

    @Override
    public String what() {
        return "the disks of all brokers are nearly full, then full";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().onImages();
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
        scene.spread(number -> {
            if (number == 1) nearlyFull(scene);
            else full(scene);
        });
    }

    private static void nearlyFull(Scene scene) throws Exception {
        scene.fault("100 MiB left on every broker's disk", () -> {
            for (var broker : brokers(scene)) leave(scene, broker, LITTLE);
            var begun = Instant.now();
            boolean refused = scene.comesTrue(() -> scene.refusals("452") > 0 || scene.loadIsOver(), PATIENCE);
            scene.book().check("nobody was told 452", refused);
            scene.book().measured("452", Duration.between(begun, Instant.now()), REFUSES);
            scene.lasting(LASTING);
        });
        for (var broker : brokers(scene))
            scene.book().check(broker.name() + " gave up at the floor", broker.isRunning());
        mend(scene);
    }

    private static void full(Scene scene) throws Exception {
        scene.fault("every broker's disk is full", () -> {
            for (var broker : brokers(scene)) leave(scene, broker, 0);
            scene.lasting(LASTING);
        });
        long died =
                brokers(scene).stream().filter(broker -> !broker.isRunning()).count();
        scene.book().note(died + " of 3 brokers gave up on a full disk");
        mend(scene);
    }

    private static void mend(Scene scene) throws Exception {
        for (var broker : brokers(scene)) Files.deleteIfExists(ballast(scene, broker));
        takenAgain(scene, AGAIN, () -> {
            for (var broker : brokers(scene)) if (!broker.isRunning()) scene.start(broker);
            for (var broker : brokers(scene)) broker.awaitReady(PATIENCE);
        });
    }

    private static Path ballast(Scene scene, Member broker) {
        return scene.cluster().data(broker.name()).resolve("ballast");
    }

    // Root may take the reserve, too; that a disk is full ends the copying with an error, which is what was wanted.
    private static void leave(Scene scene, Member broker, long octets) throws IOException {
        var file = ballast(scene, broker);
        var parent = scene.cluster().data(broker.name());
        long take = Files.getFileStore(parent).getUsableSpace() - octets;
        if (octets > 0) {
            Shell.run(PATIENCE, "fallocate", "-l", Long.toString(take), file.toString());
            return;
        }
        var copy = "dd if=/dev/zero of='" + file + "' bs=" + MEBIBYTE + " oflag=append conv=notrunc; exit 0";
        Shell.run(PATIENCE, "sh", "-c", "fallocate -l " + take + " '" + file + "'; " + copy);
    }
}
