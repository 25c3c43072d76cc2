/// Mail that waits: when it is tried again, and where it lies until then.
///
/// Way in: [io.postmesh.delivery.waiting.WaitingRoom] for who is due, [io.postmesh.delivery.waiting.RetrySchedule] for
/// when, [io.postmesh.delivery.waiting.WaitingBodies] for the mail itself.
/// Absent on purpose: writing to Kafka; the order of writes is `owner`'s (LEDGER L7, L8).
/// Standards: RFC 5321 §4.5.4.1 (retry strategy).
/// Known gaps: the index lives on the heap, some 500 octets a record; RocksDB comes with L20.
@NullMarked
package io.postmesh.delivery.waiting;

import org.jspecify.annotations.NullMarked;
