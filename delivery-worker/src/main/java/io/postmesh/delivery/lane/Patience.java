package io.postmesh.delivery.lane;

import io.postmesh.contract.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who is sent away from a lane, and until when (LEDGER L12).
///
/// @param longest how long an errand waits for its turn
/// @param share   octets one slow destination may hold in memory before newcomers wait elsewhere
record Patience(Duration longest, long share) {
    private static final Duration SLOW = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(30); // half of anybody's patience
    private static final Duration TURNED_AWAY = Duration.ofMinutes(1);

    // A destination that rests longer than anybody is patient, whose rate is used up for longer, or that is slow and
    // holds its share, takes no more in.
    Optional<Refusal> refusal(Lane lane, Errand errand, int workers, Instant now) {
        if (lane.pace.restsUntil().isAfter(now.plus(longest))) {
            return Optional.of(new Refusal(errand, Reason.DESTINATION_RESTS, lane.pace.restsUntil()));
        }
        var full = fullUntil(lane, workers, now);
        if (full.isAfter(now)) return Optional.of(new Refusal(errand, Reason.LIMIT, full));
        if (isSlow(lane, now) && lane.octets() + errand.octets() > share) {
            return Optional.of(new Refusal(errand, Reason.CANNOT_START, now.plus(TURNED_AWAY)));
        }
        return Optional.empty();
    }

    /// When those who wait are through, if that takes longer at the lane's rate than anybody waits; else the past.
    /// Behind a relay's queue nobody stands who goes elsewhere.
    Instant fullUntil(Lane lane, int workers, Instant now) {
        if (lane.relayed || lane.purse.rate().isEmpty()) return Instant.MIN;
        var through = lane.purse.through(lane.queue.size(), lane.slots.isShared() ? workers : 1, now);
        return through.isAfter(now.plus(longest)) ? through : Instant.MIN;
    }

    void turnAway(Lane lane, Instant now, List<Refusal> refusals) {
        boolean rests = lane.pace.restsUntil().isAfter(now.plus(longest));
        var since = now.minus(longest);
        while (!lane.queue.isEmpty() && (rests || !lane.relayed && lane.isBehind(since))) {
            refusals.add(
                    rests
                            ? new Refusal(lane.next().errand(), Reason.DESTINATION_RESTS, lane.pace.restsUntil())
                            : cannotStart(lane.next().errand(), now));
        }
    }

    static Refusal cannotStart(Errand errand, Instant now) {
        return new Refusal(errand, Reason.CANNOT_START, now.plus(TURNED_AWAY));
    }

    // A long queue that moves is only a busy one. Behind a relay's queue nobody stands who goes elsewhere.
    private static boolean isSlow(Lane lane, Instant now) {
        if (lane.relayed) return false;
        return lane.pace.rests(now) || lane.isBehind(now.minus(SLOW)) && !lane.drainsWithin(SOON, now);
    }
}
