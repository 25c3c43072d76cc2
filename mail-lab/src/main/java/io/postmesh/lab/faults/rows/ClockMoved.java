package io.postmesh.lab.faults.rows;

import io.postmesh.lab.cluster.ServiceName;
import io.postmesh.lab.faults.Bar;
import io.postmesh.lab.faults.Evidence;
import io.postmesh.lab.faults.MeshPlan;
import io.postmesh.lab.faults.MovedClock;
import io.postmesh.lab.faults.Row;
import io.postmesh.lab.faults.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A22: every worker is stopped and comes back with a clock that is an hour behind, in another time zone, and an hour
/// ahead, while mail waits. None expires, and none is attempted more than twice as often as it should be. (Who was put
/// off by a clock that is behind waits for that hour; the last clock is ahead, so the row ends.)
public record ClockMoved() implements Row {
    // And the right clock: what the one before set is taken back.
    private static final Map<String, String> SUMMER_TIME =
            Map.of("TZ", "Europe/Berlin", "LD_PRELOAD", "", "FAKETIME", "+0");

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final double MOST = 2; // times the attempts there should have been
    private static final Duration STOPS = Duration.ofSeconds(90);
    private static final Duration BETWEEN = Duration.ofSeconds(20);

    @Override
    public String id() {
        return "A22";
    }

    @Override
    public String what() {
        return "clocks an hour behind, in summer time, an hour ahead";
    }

    @Override
    public MeshPlan mesh() {
        return MeshPlan.cluster().set("POSTMESH_RETRY_SCHEDULE", RETRY.toSeconds() + "s");
    }

    @Override
    public int faults() {
        return 3;
    }

    /// The last clock is the one under which all that waits comes to its turn.
    @Override
    public int fewest() {
        return 3;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(60);
    }

    @Override
    public List<Bar> bars() {
        return List.of(Bar.noCopies(), Bar.neverRefused());
    }

    @Override
    public void inject(Scene scene) throws Exception {
        scene.sink().rules().add(Cells.domain(0) + " RCPT 451 4.3.0 Not now");
        scene.spread(number -> {
            scene.environment(clock(number));
            for (var service : ServiceName.values())
                for (var worker : scene.cluster().copies(service)) {
                    scene.fault("SIGTERM of " + worker.name() + ", another clock", () -> worker.terminate(STOPS));
                    scene.startAgain(worker, Scene.NO_LIMIT);
                }
            scene.lasting(BETWEEN);
        });
        count(scene);
    }

    private static Map<String, String> clock(int number) throws Exception {
        return switch (number) {
            case 1 -> MovedClock.ahead(Duration.ofHours(-1));
            case 2 -> SUMMER_TIME;
            default -> MovedClock.ahead(Duration.ofHours(1));
        };
    }

    // Each put-off mail should have been tried once at first and then every 5 s.
    private static void count(Scene scene) {
        var now = Instant.now();
        double should = scene.promisedTo(Cells.domain(0)).stream()
                .mapToDouble(at -> 1 + Duration.between(at, now).toMillis() / (double) RETRY.toMillis())
                .sum();
        long were = scene.sink().counters().faults();
        var told = were + " attempts at those put off, " + Math.round(should) + " on a right clock";
        scene.book().note(told);
        scene.book().check(told, were <= MOST * should);
        scene.book().check("nobody was put off", were > 0);
    }

    @Override
    public List<String> judge(Evidence evidence) {
        int bounced = evidence.reports().size();
        return bounced == 0 ? List.of() : List.of(bounced + " reports: mail expired by a wrong clock");
    }
}
