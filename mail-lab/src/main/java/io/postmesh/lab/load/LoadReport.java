package io.postmesh.lab.load;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// How it went.
///
/// @param accepted  messages answered 250 at the dot
/// @param refused   messages given up: a 5xx, or 4xx for too long
/// @param unknown   messages whose dot went out and whose reply never came: perhaps taken, not sent again
/// @param octets    of the accepted messages
/// @param replies   how often each reply code other than 2xx and 3xx came, and `I/O` for broken connections
/// @param latencies from the moment a message was due (or begun, at full speed) to its 250
public record LoadReport(
        int accepted,
        int refused,
        int unknown,
        long octets,
        Duration time,
        Map<String, Integer> replies,
        Latencies latencies) {
    public double perSecond() {
        return accepted / (time.toNanos() / 1e9);
    }

    @Override
    public String toString() {
        var trouble = replies.isEmpty() ? "" : ", replies " + replies;
        return String.format(
                Locale.ROOT,
                "accepted %d (%.0f/s, %.1f MB/s), refused %d, unknown %d%s; %s",
                accepted,
                perSecond(),
                octets / 1e6 / (time.toNanos() / 1e9),
                refused,
                unknown,
                trouble,
                latencies);
    }
}
