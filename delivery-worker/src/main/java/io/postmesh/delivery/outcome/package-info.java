/// What one attempt is asked to do, what came of it, and whose fault a failure is; without sockets.
///
/// Way in: [io.postmesh.delivery.outcome.Courier#carry], which `smtp` implements and `owner` calls.
/// Absent on purpose: I/O, clocks, Vert.x, Kafka. An attempt's result is a value; who writes it down is `owner`'s duty.
/// Standards: RFC 5321 §4.2.1 (first digit), §4.5.3.1.10 (552 after RCPT); RFC 3463 (codes for failures of our own).
@NullMarked
package io.postmesh.delivery.outcome;

import org.jspecify.annotations.NullMarked;
