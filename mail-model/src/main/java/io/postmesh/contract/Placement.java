package io.postmesh.contract;

import io.postmesh.mail.MailId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Which partition a recipient's mail goes to (LEDGER L2): a pure function of what ingress stamped on the envelope and
/// of the recipient's domain. The route is not part of it: policy may run again after `RELAYHOST` has changed, and must
/// put each recipient where it was put before, or nobody would notice that it came twice.
///
/// @param partitions of `mail.signed` and its companions
/// @param spread     domains whose mail is spread over all partitions by mail id instead of kept on one
public record Placement(int version, int partitions, Set<String> spread) {
    /// Stands for every domain: all mail goes to one relay, and there is no destination to keep together.
    public static final String EVERY_DOMAIN = "*";

    public Placement {
        if (partitions < 1) throw new IllegalArgumentException("partitions: 1 or more");
        // Sorted, so that the same envelope is the same bytes in every process.
        spread = spread.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(spread));
    }

    /// @param domain of the recipient, canonical
    public int partition(MailId id, String domain) {
        return Math.floorMod(spreads(domain) ? id.hash64() : fnv1a(domain), partitions);
    }

    /// Every owner has mail for this domain; else only one has.
    public boolean spreads(String domain) {
        return spread.contains(domain) || spread.contains(EVERY_DOMAIN);
    }

    private static long fnv1a(String s) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < s.length(); i++) h = (h ^ s.charAt(i)) * 0x100000001b3L;
        return h ^ h >>> 32;
    }
}
