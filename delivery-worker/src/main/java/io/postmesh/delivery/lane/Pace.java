package io.postmesh.delivery.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// How many may talk to one destination at once: grows with success, shrinks with failure, rests when it seems dead.
/// No I/O, no clock of its own.
final class Pace {
    private static final int DEAD = 5; // failures in a row
    private static final Duration FIRST_REST = Duration.ofSeconds(10);
    private static final Duration LONGEST_REST = Duration.ofMinutes(15);

    private final int most;
    private int window;
    private int failures;
    private boolean proven;
    private Duration rest = Duration.ZERO;
    private Instant restsUntil = Instant.MIN;

    Pace(int most) {
        this.most = most;
        this.window = Math.min(LaneBook.AT_FIRST, most);
    }

    /// @param spared so many of those who talk do not count in it; with them it is never more than the most
    int window(int spared) {
        return Math.min(most, window + spared);
    }

    boolean rests(Instant now) {
        return now.isBefore(restsUntil);
    }

    Instant restsUntil() {
        return restsUntil;
    }

    /// An operator says that it is well: it is asked at once, by one at a time.
    void wake() {
        rest = Duration.ZERO;
        restsUntil = Instant.MIN;
    }

    /// It has served mail since we know it.
    boolean isProven() {
        return proven;
    }

    /// Nothing bad is remembered: a new one would be the same.
    boolean isFresh() {
        return failures == 0 && rest.isZero();
    }

    /// Takes in how a conversation ended.
    void heard(Sign sign, Instant now, RandomGenerator random) {
        switch (sign) {
            case WELL -> well();
            case ILL -> ill(now, random);
            case NONE -> {}
        }
    }

    private void well() {
        proven = true;
        window = Math.min(most, window + 1);
        failures = 0;
        rest = Duration.ZERO;
        restsUntil = Instant.MIN;
    }

    // Those who were already talking when it was put to rest add nothing: one outage is one rest.
    private void ill(Instant now, RandomGenerator random) {
        if (rests(now)) return;
        window = Math.max(1, window / 2);
        failures++;
        boolean probe = !rest.isZero(); // it rested, was asked again and failed again
        if (failures < DEAD && !probe) return;
        rest = probe ? min(rest.multipliedBy(2), LONGEST_REST) : FIRST_REST;
        restsUntil = now.plusMillis((long) (rest.toMillis() * (1 + 0.2 * random.nextDouble())));
        window = 1; // the next one is a probe
        failures = 0;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
