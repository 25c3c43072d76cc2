package io.postmesh.runtime.kafka;

import io.postmesh.runtime.settings.Settings;
import java.time.Duration;

/// For how long records stay after everybody has committed them: an audit may ask back so far (LEDGER L21, L23).
public record ReplayWindow(Duration length) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final int MARGIN = 24;

    public static ReplayWindow from(Settings s) {
        var length = s.duration("POSTMESH_REPLAY_WINDOW", "24h"); // a day's work can be looked at the day after
        if (length.compareTo(SHORTEST) < 0) s.problem("POSTMESH_REPLAY_WINDOW", "give 1m or more");
        return new ReplayWindow(length);
    }

    /// What the trimmer keeps: an hour more in a day, so that nothing goes while an audit of the whole window reads.
    public Duration kept() {
        return length.plus(length.dividedBy(MARGIN));
    }
}
