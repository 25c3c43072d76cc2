package io.postmesh.delivery.lane;

import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.redis.TokenLeases;
import io.postmesh.runtime.redis.Tokens;
import java.time.Instant;
import java.util.Optional;

/// Tokens for mails to one destination, leased a few at a time and spent here. Guarded by its book's lock; no clock.
final class Purse {
    private final Optional<Rate> rate;
    private int tokens;
    private Instant lapse = Instant.MIN;
    private Instant again = Instant.MIN;
    private boolean asking;

    /// @param rate of all workers together; empty: no limit, and nobody is ever asked
    Purse(Optional<Rate> rate) {
        this.rate = rate;
    }

    Optional<Rate> rate() {
        return rate;
    }

    boolean hasOne(Instant now) {
        return rate.isEmpty() || tokens > 0 && now.isBefore(lapse);
    }

    void spend() {
        if (tokens > 0) tokens--;
    }

    /// Whether to ask for more now; then [#filled] has to follow.
    boolean asks(Instant now) {
        if (asking || hasOne(now) || now.isBefore(again)) return false;
        asking = true;
        return true;
    }

    void filled(Tokens got, Instant asked, Instant now) {
        asking = false;
        tokens = got.granted();
        lapse = asked.plus(TokenLeases.LAPSE);
        again = now.plus(got.again());
    }

    /// When so many will have been served at this rate, with so many workers at it.
    Instant through(int mails, int workers, Instant now) {
        var from = hasOne(now) || again.isBefore(now) ? now : again;
        return rate.map(each -> from.plus(each.interval().multipliedBy((long) mails * workers)))
                .orElse(now);
    }

    /// A new one would be the same.
    boolean isForgettable(Instant now) {
        return rate.isEmpty() || !asking && !hasOne(now) && !now.isBefore(again);
    }
}
