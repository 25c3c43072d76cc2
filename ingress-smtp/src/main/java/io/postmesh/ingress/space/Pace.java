package io.postmesh.ingress.space;

import java.time.Duration;

/// How soon to look again: as a rule, or sooner when a disk fills fast.
final class Pace {
    private static final Duration QUICKEST = Duration.ofMillis(250);

    /// At this part of the time that is left.
    private static final int PART = 4;

    private Pace() {}

    /// @param above octets above the floor, of the disk that is closest to it
    /// @param fell  octets it came closer since the last look
    /// @param since the last look
    static Duration next(long above, long fell, Duration since, Duration rule) {
        if (fell <= 0 || above <= 0) return rule;
        double left = (double) since.toNanos() * above / fell / PART;
        var soon = Duration.ofNanos((long) Math.min(left, rule.toNanos()));
        return soon.compareTo(QUICKEST) < 0 ? min(QUICKEST, rule) : soon;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
