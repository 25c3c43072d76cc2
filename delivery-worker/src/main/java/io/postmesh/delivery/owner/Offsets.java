package io.postmesh.delivery.owner;

import io.postmesh.delivery.waiting.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which input offsets are finished, and who holds the others (LEDGER L18). Guarded by its [Book].
final class Offsets {
    /// The hold of a record on its input offset: one for each of its letters, one for each recipient that another
    /// letter has in progress. The offset is finished when all are let go.
    static final class Claim {
        private final long offset;
        private int holds = 1;

        private Claim(long offset) {
            this.offset = offset;
        }

        long offset() {
            return offset;
        }
    }

    private final Tracker tracker;
    private final Map<Identity, List<Claim>> watchers = new HashMap<>();

    Offsets(Tracker tracker) {
        this.tracker = tracker;
    }

    /// A record arrived. Empty when an earlier owner finished it.
    Optional<Claim> arrives(long offset) {
        return tracker.arrives(offset) ? Optional.of(new Claim(offset)) : Optional.empty();
    }

    void passed(long position) {
        tracker.passed(position);
    }

    /// It becomes so many letters; a claim is born with the hold of one.
    void holdFor(Claim claim, int letters) {
        claim.holds += Math.max(0, letters - 1);
    }

    /// Another letter has this recipient in progress.
    void watch(Identity who, Claim claim) {
        claim.holds++;
        watchers.computeIfAbsent(who, _ -> new ArrayList<>()).add(claim);
    }

    /// Final, or waiting: whoever watched need not hold on for it.
    void settled(Identity who) {
        var claims = watchers.remove(who);
        if (claims != null) claims.forEach(this::release);
    }

    void release(Claim claim) {
        if (--claim.holds == 0) tracker.finish(claim.offset);
    }

    /// Every offset below is finished.
    long low() {
        return tracker.low();
    }

    /// What the next owner needs to know above [#low].
    Runs runs() {
        return tracker.runs();
    }

    int openCount() {
        return tracker.openCount();
    }
}
