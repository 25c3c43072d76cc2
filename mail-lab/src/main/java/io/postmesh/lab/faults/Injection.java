package io.postmesh.lab.faults;

import java.time.Duration;
import java.time.Instant;

/// One fault that was done to the mesh.
///
/// @param what  `kill -9 delivery-1`
/// @param from  a moment before it
/// @param until a moment after it: a delivery that was in flight between the two may come again, and no other
public record Injection(String what, Instant from, Instant until) {
    /// So long before a fault a delivery may be in flight although the remote has answered it: its outcome is not
    /// acknowledged yet. A write older than 2 s stops new attempts (LEDGER L9); a busy machine adds to it. How many
    /// there really were, the audit's count of those in doubt says.
    static final Duration NOTING = Duration.ofSeconds(3);

    /// Whether a copy was in flight then: its dot had gone out, its reply had not yet been noted.
    boolean meets(Delivery copy) {
        boolean begun = !copy.at().isAfter(until);
        boolean noted = copy.answered().isBefore(from.minus(NOTING));
        return begun && !noted;
    }
}
