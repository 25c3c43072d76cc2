package io.postmesh.audit.census;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The sums. Each recipient counts in one place only, so `found` and `missing` add up to `recipients`.
///
/// @param refused of those who failed, how many by a rule of ours
/// @param rules   recipients discarded, by the rule that did it
/// @param inDoubt attempted again after a worker died over the first attempt: they may have got the mail twice
/// @param twice   with more than one 250 of a remote in the ledger
/// @param dropped came a second time inside the mesh and were dropped
public record Tally(
        long mails,
        long recipients,
        Map<Place, Long> found,
        long refused,
        SortedMap<String, Long> rules,
        long missing,
        long inDoubt,
        long twice,
        long dropped) {
    public Tally {
        found = Collections.unmodifiableMap(new EnumMap<>(found));
        rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
    }

    public long found(Place place) {
        return found.getOrDefault(place, 0L);
    }
}
