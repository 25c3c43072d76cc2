package io.postmesh.bench;

import io.postmesh.bench.Measurement.Result;
import java.util.List;
import java.util.Locale;

/// Postmesh against each peer.
final class Ratios {
    private Ratios() {}

    /// @param results Postmesh first, then the peers
    static List<String> of(List<Result> results) {
        var ours = results.getFirst();
        return results.stream().skip(1).map(peer -> line(ours, peer)).toList();
    }

    private static String line(Result ours, Result peer) {
        return String.format(
                Locale.ROOT,
                "%s / %s: accept %.1f times, end-to-end %.1f times (%s)",
                ours.relay(),
                peer.relay(),
                ours.accepted() / peer.accepted(),
                ours.endToEnd() / peer.endToEnd(),
                ours.sender());
    }
}
