package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.KafkaHand;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A16: records that are none, on each topic inside the mesh, among mail: random octets, a real record cut
/// short, one of a later version, one as large as a broker takes, and null. Those a stage reads have to be in
/// quarantine, octet for octet, within 60 s; the mail beside them must not notice.
public record PoisonRecords() implements Row {
    private static final Duration IN_QUARANTINE = Duration.ofSeconds(60);
    private static final Duration CAUGHT_UP = Duration.ofSeconds(120);
    private static final int LARGE = 7 << 20;
    private static final int MARK = 48; // random octets that are found again
    private static final String QUARANTINE = "mail.quarantine";

    // The stage that reads each: what it cannot read is quarantined.
    private static final Map<String, String> READERS =
            Map.of("mail.accepted", "policy", "mail.cleared", "signer", "mail.signed", "mail-delivery");
    private static final List<String> OTHERS =
            List.of("mail.outcomes", "mail.waiting", "mail.waiting.bodies", "mail.events", "mesh.config");

    @Override
    public String id() {
        return "A16";
    }

    @Override
    public String what() {
        return "records that are none, on each topic";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster();
    }

    @Override
    public int faults() {
        return 4;
    }

    @Override
    public int fewest() {
        return 4;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(15);
    }

    @Override
    public void inject(Scene scene) throws Exception {
        try (var hand = KafkaHand.of(scene.cluster())) {
            scene.spread(number -> poison(scene, hand, number));
            var begun = Instant.now();
            boolean caughtUp = scene.comesTrue(() -> behind(hand) == 0, CAUGHT_UP.plus(CAUGHT_UP));
            scene.book().check("every stage caught up", caughtUp);
            if (scene.loadIsOver())
                scene.book().measured("caught up", Duration.between(begun, Instant.now()), CAUGHT_UP);
        }
    }

    private static void poison(Scene scene, KafkaHand hand, int number) throws Exception {
        var marks = new ArrayList<byte[]>();
        var begun = Instant.now();
        scene.fault("poison " + number, () -> {
            for (var topic : READERS.keySet()) marks.addAll(put(scene, hand, topic, number - 1));
            for (var topic : OTHERS) put(scene, hand, topic, 0);
        });
        boolean found = scene.comesTrue(() -> areQuarantined(hand, marks), IN_QUARANTINE);
        scene.book().check("quarantined as they were, poison " + number, found);
        scene.book().measured("quarantined", Duration.between(begun, Instant.now()), IN_QUARANTINE);
    }

    // What of it has to be found in quarantine.
    private static List<byte[]> put(Scene scene, KafkaHand hand, String topic, int partition) throws IOException {
        var marks = new ArrayList<byte[]>();
        for (var poison : poisons(scene, hand, topic)) {
            scene.book().check("Kafka takes it", hand.put(topic, partition, Optional.of(poison)));
            marks.add(Arrays.copyOf(poison, Math.min(MARK, poison.length)));
        }
        var _ = hand.put(topic, partition, Optional.empty());
        return marks;
    }

    private static List<byte[]> poisons(Scene scene, KafkaHand hand, String topic) throws IOException {
        var poisons = new ArrayList<byte[]>();
        poisons.add(random(scene, 300));
        var large = random(scene, LARGE);
        large[0] = 1; // the format of today, so it is looked into
        poisons.add(large);
        var real = hand.first(topic);
        if (real.isEmpty()) return poisons;
        poisons.add(Arrays.copyOf(real.get(), real.get().length / 2));
        var later = real.get().clone();
        later[0] = 2;
        poisons.add(later);
        return poisons;
    }

    private static byte[] random(Scene scene, int length) {
        var octets = new byte[length];
        scene.dice().nextBytes(octets);
        return octets;
    }

    private static boolean areQuarantined(KafkaHand hand, List<byte[]> marks) {
        try {
            return hand.holds(QUARANTINE, marks);
        } catch (IOException notNow) {
            return false;
        }
    }

    private static long behind(KafkaHand hand) {
        long behind = 0;
        try {
            for (var reader : READERS.entrySet()) behind += hand.behind(reader.getValue(), reader.getKey());
            return behind;
        } catch (IOException notNow) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }
}
