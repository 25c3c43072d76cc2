package io.postmesh.delivery.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which suspects are on their way, so that a death of the process says something about few of them. Everybody else
/// goes on beside them. Guarded by its book's lock.
///
/// Who kills its process is found by the fourth death: two make it one of many, the third one of [#TOGETHER], the
/// fourth the only one. Were they attempted one by one from the second death on, a few hundred innocent ones whose
/// remotes answer within a second would take minutes.
final class Suspects {
    static final int TOGETHER = 16;

    /// Whoever talks for longer is no longer held to be one: a slow remote must not stop all the others.
    private static final Duration ACQUITTED = Duration.ofSeconds(30);

    private final Map<Errand, Instant> talking = new LinkedHashMap<>(); // since when, the longest first

    boolean mayStart(Errand errand) {
        return switch (errand.suspicion()) {
            case NONE -> true;
            case SHARED -> talking.size() < TOGETHER && !isOneStrong();
            case STRONG -> talking.isEmpty();
        };
    }

    void started(Errand errand, Instant now) {
        if (errand.suspicion() != Suspicion.NONE) talking.put(errand, now);
    }

    void over(Errand errand) {
        talking.remove(errand);
    }

    /// Takes out who has talked for so long that it is none any more.
    List<Errand> acquit(Instant now) {
        var acquitted = new ArrayList<Errand>();
        for (var one : talking.entrySet()) {
            if (one.getValue().plus(ACQUITTED).isBefore(now)) acquitted.add(one.getKey());
        }
        acquitted.forEach(talking::remove);
        return acquitted;
    }

    private boolean isOneStrong() {
        return talking.keySet().stream().anyMatch(errand -> errand.suspicion() == Suspicion.STRONG);
    }
}
