package io.postmesh.contract;

import io.postmesh.mail.MailId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Which partition a destination's mail goes to (LEDGER L2): a pure function of what ingress stamped on the envelope.
///
/// @param partitions of `mail.signed` and its companions
/// @param spread     destinations spread over all partitions by mail id instead of kept on one
public record Placement(int version, int partitions, Set<String> spread) {
    public Placement {
        if (partitions < 1) throw new IllegalArgumentException("partitions: 1 or more");
        // Sorted, so that the same envelope is the same bytes in every process.
        spread = spread.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(spread));
    }

    public int partition(MailId id, Route route, String destination) {
        boolean spreads = route instanceof Route.Relay || spread.contains(destination);
        return Math.floorMod(spreads ? id.hash64() : fnv1a(destination), partitions);
    }

    private static long fnv1a(String s) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < s.length(); i++) h = (h ^ s.charAt(i)) * 0x100000001b3L;
        return h ^ h >>> 32;
    }
}
