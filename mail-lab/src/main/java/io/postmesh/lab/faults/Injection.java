package io.postmesh.lab.faults;

import java.time.Duration;
import java.time.Instant;

/// One fault that was done to the mesh.
///
/// @param what  `kill -9 delivery-1`
/// @param from  a moment before it
/// @param until a moment after it: a delivery that was in flight between the two may come again, and no other
public record Injection(String what, Instant from, Instant until) {
    /// Between a remote's reply and the ledger's acknowledgement of it, where the disk is not busy.
    private static final Duration NOTED = Duration.ofMillis(500);

    /// The same where it is: writes of outcomes then wait for seconds. A write older than 2 s stops new attempts
    /// (LEDGER L9), those that have begun go on.
    private static final Duration NOTED_AT_LAST = Duration.ofSeconds(10);

    /// What a dead worker had written lies in the socket until the sink has its turn to read it.
    private static final Duration ARRIVES = Duration.ofSeconds(2);

    /// Whether the sink was taking a copy at that moment, or had just answered it.
    boolean interrupts(Delivery copy) {
        return meets(copy, NOTED);
    }

    /// Whether a copy may not have been noted by then. Whether it really was not, the audit knows: it finds more
    /// than one 250 in the ledger.
    boolean excuses(Delivery copy) {
        return meets(copy, NOTED_AT_LAST);
    }

    private boolean meets(Delivery copy, Duration noted) {
        return !copy.at().isAfter(until.plus(ARRIVES)) && !copy.answered().isBefore(from.minus(noted));
    }
}
