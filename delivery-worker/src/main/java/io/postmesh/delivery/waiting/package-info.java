/// Mail that waits: when it is tried again, and where it lies until then.
///
/// Way in: [io.postmesh.delivery.waiting.WaitingRoom] for who is due, [io.postmesh.delivery.waiting.RetrySchedule] for
/// when, [io.postmesh.delivery.waiting.WaitingBodies] for the mail itself.
/// Absent on purpose: writing to Kafka; the order of writes is `owner`'s (LEDGER L7, L8).
/// Standards: RFC 5321 §4.5.4.1 (retry strategy).
/// The index of those who wait is a cache (LEDGER L20): [io.postmesh.delivery.waiting.DiskIndex] in RocksDB, in
/// a folder that [io.postmesh.delivery.waiting.Indexes] finds or makes.
/// Known gaps: a disk that hangs without an error holds the partition's owner up until its lease is over.
@NullMarked
package io.postmesh.delivery.waiting;

import org.jspecify.annotations.NullMarked;
