package io.postmesh.delivery.owner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Real time, which a test can put forward. It knows how often it was asked, and so that somebody looked at it.
final class HandClock extends Clock {
    private final AtomicLong asked = new AtomicLong();
    private volatile Duration ahead = Duration.ZERO;
    private volatile Optional<Instant> stands = Optional.empty();

    long asked() {
        return asked.get();
    }

    void pass(Duration time) {
        ahead = ahead.plus(time);
    }

    /// From now on only as much time passes as the test says.
    void stand() {
        stands = Optional.of(Instant.now());
    }

    @Override
    public Instant instant() {
        asked.incrementAndGet();
        return stands.orElseGet(Instant::now).plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
