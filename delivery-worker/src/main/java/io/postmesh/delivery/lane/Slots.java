package io.postmesh.delivery.lane;

import io.postmesh.runtime.redis.SlotLease;
import io.postmesh.runtime.redis.SlotLeases;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Connections to one destination that all workers share, as far as they are leased to this one. Guarded by its book's
/// lock; no clock.
final class Slots {
    private static final int BLOCKS = 10; // a lease grows in tenths of the limit, so a busy lane asks rarely
    private static final Duration SWEEP = Duration.ofSeconds(1);

    /// What was asked for, and when.
    ///
    /// @param open   connections at that moment: conversations, and those that may rest
    /// @param closes others shall have the slots of those that rest, so these are to be closed before they are told
    record Ask(int wanted, int open, boolean closes, Instant at) {}

    private final int limit;
    private final Duration rest;
    private boolean shared;
    private boolean asking;
    private int told; // as open, to who is being asked
    private int granted;
    private Instant until = Instant.MIN; // of the lease
    private int ownShare; // while Redis is away
    private int held; // others know that so many are ours: granted, or talking still
    private Instant asked = Instant.MIN;
    private Instant renew = Instant.MIN;
    private Instant again = Instant.MIN; // for more
    private int peak;
    private int peakBefore;
    private Instant peaksTurn = Instant.MIN;

    /// @param rest a connection without work is kept so long, and needs its slot
    Slots(int limit, Duration rest) {
        this.limit = limit;
        this.rest = rest;
    }

    /// From now on others talk to this destination, too.
    void share() {
        shared = true;
    }

    boolean isShared() {
        return shared;
    }

    /// How many may talk. Until the answer has come, no more than the others are being told: what is beyond may be
    /// theirs already.
    int usable(Instant now) {
        if (!shared) return limit;
        int ours = now.isBefore(until) ? Math.max(granted, ownShare) : ownShare;
        return asking ? Math.min(ours, told) : ours;
    }

    /// What to ask for now, if anything; then [#heard] has to follow.
    ///
    /// @param need how many could talk now, those that do included
    Optional<Ask> ask(int need, int talking, Instant now) {
        if (!shared) return Optional.empty();
        remember(Math.max(need, talking), now);
        int busy = Math.max(peak, peakBefore);
        int wanted = Math.min(limit, blocks(busy));
        if (asking || wanted == 0 && held == 0) return Optional.empty();
        boolean lacks = need > usable(now) && !now.isBefore(again);
        boolean due = !now.isBefore(renew);
        boolean givesBack = ownShare == 0 && held > Math.max(granted, talking) && !now.isBefore(asked.plus(SWEEP));
        if (!lacks && !due && !givesBack) return Optional.empty();
        asking = true;
        asked = now;
        int open = givesBack ? talking : Math.max(talking, Math.min(held, busy));
        told = open;
        return Optional.of(new Ask(wanted, open, open < held, now));
    }

    /// Takes in the answer.
    ///
    /// @return whether connections without work are to be closed: their lease has ended
    boolean heard(Ask ask, SlotLease lease, Instant now) {
        asking = false;
        int before = held;
        switch (lease) {
            case SlotLease.Agreed(var slots, var wait) -> {
                granted = slots;
                ownShare = 0;
                until = ask.at().plus(SlotLeases.TTL);
                held = Math.max(slots, ask.open());
                renew = ask.at().plus(SlotLeases.RENEW);
                again = now.plus(wait);
            }
            case SlotLease.OwnShare(var slots, var wait) -> {
                ownShare = slots;
                granted = now.isBefore(until) ? Math.min(granted, ask.open()) : 0; // it may have been heard
                held = ask.wanted() == 0 ? 0 : Math.max(granted, slots);
                renew = now.plus(wait);
                again = renew;
            }
        }
        return held < before;
    }

    /// Nothing is held, so nothing has to be given back.
    boolean isForgettable() {
        return !asking && held == 0;
    }

    boolean isHeld() {
        return held > 0;
    }

    // Who talked within the last rest may still have its connection.
    private void remember(int busy, Instant now) {
        if (!now.isBefore(peaksTurn)) {
            peakBefore = peak;
            peak = 0;
            peaksTurn = now.plus(rest);
        }
        peak = Math.max(peak, busy);
    }

    private int blocks(int slots) {
        int block = Math.max(1, limit / BLOCKS);
        return (slots + block - 1) / block * block;
    }
}
