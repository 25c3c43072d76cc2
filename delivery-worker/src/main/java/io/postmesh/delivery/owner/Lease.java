package io.postmesh.delivery.owner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How long this worker may believe that its partitions are its own (LEDGER L13): from the sending of the last
/// acknowledged commit until 3 s before Kafka could have given them away.
///
/// Two clocks are asked and the less favourable one is believed: the wall clock may be set back, the other one stands
/// still while a machine sleeps.
final class Lease {
    private static final Duration MARGIN = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(20);

    /// When a commit was sent.
    record Moment(long nanos, Instant wall) {}

    private final Duration length;
    private final LongSupplier nanos;
    private final Clock wall;
    private volatile @Nullable Moment confirmed;

    /// @param session after so much silence Kafka gives the partitions to others
    Lease(Duration session, LongSupplier nanos, Clock wall) {
        this.length = session.minus(MARGIN);
        this.nanos = nanos;
        this.wall = wall;
    }

    static Lease of(Duration session) {
        return new Lease(session, System::nanoTime, Clock.systemUTC());
    }

    /// To be asked before a commit is sent, never after.
    Moment now() {
        return new Moment(nanos.getAsLong(), wall.instant());
    }

    /// Kafka knew this worker as a member after that moment.
    synchronized void confirmed(Moment sent) {
        var last = confirmed;
        if (last == null || sent.nanos() - last.nanos() > 0) confirmed = sent;
    }

    /// Waits while that is not known: without a good lease nothing is ours to write, and yet nobody has taken it from
    /// us.
    ///
    /// @param gone it is somebody else's by now
    /// @return false when it is gone
    boolean awaitGood(BooleanSupplier gone) throws InterruptedException {
        while (!gone.getAsBoolean()) {
            if (isGood()) return true;
            Thread.sleep(LOOK);
        }
        return false;
    }

    boolean isGood() {
        var last = confirmed;
        if (last == null) return false;
        return nanos.getAsLong() - last.nanos() < length.toNanos()
                && Duration.between(last.wall(), wall.instant()).compareTo(length) < 0;
    }
}
