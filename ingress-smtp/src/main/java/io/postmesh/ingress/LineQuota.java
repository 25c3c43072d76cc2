package io.postmesh.ingress;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How many lines of the log a client gets in a minute, so that none of them fills it, nor all together.
final class LineQuota {
    static final int EACH = 20;
    static final int ALL = 600;
    static final String OTHERS = "other clients";

    private final Map<String, Integer> lines = new HashMap<>(); // at most ALL clients
    private final SortedMap<String, Integer> leftOut = new TreeMap<>();
    private int said;

    /// Whether one more may be said; it is counted either way.
    synchronized boolean take(String client) {
        if (said >= ALL) return leaveOut(OTHERS);
        if (lines.merge(client, 1, Integer::sum) > EACH) return leaveOut(client);
        said++;
        return true;
    }

    private boolean leaveOut(String client) {
        leftOut.merge(client, 1, Integer::sum);
        return false;
    }

    /// Begins a new minute.
    ///
    /// @return how many were left out in the last one, by client
    synchronized SortedMap<String, Integer> nextMinute() {
        var last = new TreeMap<>(leftOut);
        lines.clear();
        leftOut.clear();
        said = 0;
        return last;
    }
}
