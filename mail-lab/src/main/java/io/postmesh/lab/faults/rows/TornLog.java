package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// A12: a broker dies, and of a log of accepted mail it kept a bit flips in the last 4 KiB, or the end is cut
/// off. It has to find out by itself and get what is missing from the others.
public record TornLog() implements Row {
    private static final int TAIL = 4 * 1024;
    private static final int DEEP = 3; // log/mail.accepted-0/00000000000000000000.log

    @Override
    public String id() {
        return "A12";
    }

    @Override
    public String what() {
        return "kill -9 of a broker, then a flipped bit or a cut end in one of its logs";
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
        return Duration.ofSeconds(20);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        try (var hand = KafkaHand.of(scene.cluster())) {
            var brokers = new Brokers(scene, hand);
            scene.spread(number -> {
                brokers.awaitInSync();
                tear(scene, brokers.leader(), number % 2 == 1);
                brokers.awaitInSync();
            });
        }
    }

    private static void tear(Scene scene, Member victim, boolean flip) throws Exception {
        scene.fault("kill -9 " + victim.name() + (flip ? ", a bit flipped" : ", an end cut off"), () -> {
            victim.kill();
            var log = largestLog(scene.cluster().data(victim.name()));
            try (var file = new RandomAccessFile(log.toFile(), "rw")) {
                if (flip) flip(file, scene.dice().nextInt(TAIL));
                else file.setLength(Math.max(0, file.length() - TAIL));
            }
        });
        scene.startAgain(victim, Scene.NO_LIMIT);
    }

    private static void flip(RandomAccessFile file, int fromEnd) throws IOException {
        long at = Math.max(0, file.length() - 1 - fromEnd);
        file.seek(at);
        int octet = file.read();
        file.seek(at);
        file.write(octet ^ 1);
    }

    private static Path largestLog(Path broker) throws IOException {
        try (var files = Files.find(broker, DEEP, (path, _) -> path.toString().endsWith(".log"))) {
            return files.filter(path -> path.toString().contains("/mail.accepted-"))
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElseThrow(() -> new IOException("no log of accepted mail in " + broker));
        }
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.neverRefused(), Bar.acceptGap(Duration.ofSeconds(15)));
    }
}
