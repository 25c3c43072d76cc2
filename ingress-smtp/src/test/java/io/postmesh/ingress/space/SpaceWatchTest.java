package io.postmesh.ingress.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpaceWatchTest {
    private static final long GIB = 1L << 30;
    private static final SpaceWatch.Plan PLAN = new SpaceWatch.Plan(new Floor(5 * GIB), Duration.ofSeconds(5));

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Brokers brokers = new Brokers();
    private final SpaceWatch watch = new SpaceWatch(PLAN, List.of(brokers), meters);
    private long now = 1_000_000_000_000L;

    @Test
    void oneFullDiskAmongManyClosesTheDoorAndSaysWhichAndHowMuchIsNeeded() {
        brokers.say("broker 1", 50 * GIB);
        brokers.say("broker 2", 4 * GIB);
        look();
        assertThat(watch.isShort()).isTrue();
        assertThat(watch.trouble().orElseThrow())
                .isEqualTo("broker 2 /log has 4096 MiB free of 102400 MiB, and mail needs 6144 MiB");
        assertThat(above()).isEqualTo(-GIB);
    }

    @Test
    void theDoorOpensOnlyWithSomeRoomToSpare() {
        brokers.say("broker 1", 4 * GIB);
        look();
        brokers.say("broker 1", 5 * GIB);
        look();
        assertThat(watch.isShort()).isTrue();
        brokers.say("broker 1", 6 * GIB);
        look();
        assertThat(watch.isShort()).isFalse();
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void whoFallsSilentIsBelievedForFiveMinutes() {
        brokers.say("broker 1", 50 * GIB);
        brokers.say("broker 2", 4 * GIB);
        look();
        brokers.silence("broker 2");
        look();
        assertThat(watch.isShort()).isTrue();
        now += Duration.ofMinutes(5).toNanos();
        look();
        assertThat(watch.isShort())
                .as("a disk nobody can ask about is not guarded")
                .isFalse();
        assertThat(failed()).isEqualTo(2);
    }

    @Test
    void whenNobodyAnswersTheLastAnswersStandAsLong() {
        brokers.say("broker 1", 4 * GIB);
        look();
        brokers.away = true;
        look();
        assertThat(watch.isShort()).isTrue();
        now += Duration.ofMinutes(5).toNanos();
        look();
        assertThat(watch.isShort()).isFalse();
        assertThat(above()).isNaN();
    }

    @Test
    void aBrokerThatIsGoneHasNoSay() {
        brokers.say("broker 1", 50 * GIB);
        brokers.say("broker 2", 4 * GIB);
        look();
        brokers.disks.remove("broker 2");
        look();
        assertThat(watch.isShort()).isFalse();
    }

    @Test
    void aKafkaThatLeavesTwoQuestionsUnansweredIsATroubleUntilItAnswers() {
        brokers.say("broker 1", 50 * GIB);
        brokers.away = true;
        look();
        assertThat(watch.silence()).as("one may be slow").isEmpty();
        look();
        assertThat(watch.silence()).contains("Kafka left 2 questions after its brokers unanswered");
        assertThat(watch.trouble()).isEmpty();
        brokers.away = false;
        look();
        assertThat(watch.silence()).isEmpty();
    }

    @Test
    void aKafkaThatDoesNotAnswerIsAskedAgainSoon() {
        brokers.away = true;
        assertThat(watch.look(now)).isEqualTo(Duration.ofSeconds(1));
        brokers.away = false;
        assertThat(watch.look(now)).isEqualTo(PLAN.every());
    }

    private void look() {
        now += Duration.ofSeconds(5).toNanos();
        watch.look(now);
    }

    private double above() {
        return meters.get("postmesh_space_above_floor_bytes")
                .tag("disk", "kafka")
                .gauge()
                .value();
    }

    private double failed() {
        return meters.get("postmesh_space_questions_failed").counter().count();
    }

    /// Say what they are told to, each of a disk of 100 GiB.
    private static final class Brokers implements Question {
        final Map<String, List<Disk>> disks = new HashMap<>();
        final Set<String> silent = new HashSet<>();
        boolean away;

        void say(String broker, long usable) {
            disks.put(broker, List.of(new Disk(broker + " /log", Disk.Use.KAFKA, 100 * GIB, usable)));
        }

        void silence(String broker) {
            disks.remove(broker);
            silent.add(broker);
        }

        @Override
        public Answers ask() throws IOException {
            if (away) throw new IOException("nobody answers");
            return new Answers(Map.copyOf(disks), Set.copyOf(silent));
        }

        @Override
        public boolean isOfKafka() {
            return true;
        }

        @Override
        public void close() {}
    }
}
