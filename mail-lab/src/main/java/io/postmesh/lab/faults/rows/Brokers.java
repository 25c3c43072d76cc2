package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.cluster.Member;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What several rows ask of the brokers.
record Brokers(Scene scene, KafkaHand hand) {
    private static final int PARTITIONS = 4;
    private static final Duration IN_SYNC = Duration.ofSeconds(120);

    /// Waits until any one of them may die: every partition has all its replicas in sync.
    void awaitInSync() throws IOException {
        if (!scene.comesTrue(this::inSync, IN_SYNC)) throw new IOException("the replicas are not in sync again");
    }

    private boolean inSync() {
        try {
            return hand.inSync();
        } catch (IOException e) {
            return false;
        }
    }

    /// The leader of a partition of accepted mail, by chance.
    Member leader() throws IOException {
        int partition = scene.dice().nextInt(PARTITIONS);
        var leader = new Object() {
            Optional<String> name = Optional.empty();
        };
        scene.awaitThat(() -> {
            leader.name = leaderOf(partition);
            return leader.name.isPresent();
        });
        return scene.cluster().member(leader.name.orElseThrow());
    }

    private Optional<String> leaderOf(int partition) {
        try {
            return hand.leader("mail.accepted", partition);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
