/// The count itself, without Kafka: everybody accepted, where each was found, who was not.
///
/// Way in: [io.postmesh.audit.census.Census]; its sums are a [io.postmesh.audit.census.Tally], its words a
/// [io.postmesh.audit.census.Sheet].
/// Absent on purpose: clocks, topics, offsets; the edge decides what is read, and in which order.
/// Standards: LEDGER L1, L19, L23.
/// Known gaps: an attempt whose deferral was cut off after its waiting state counts as in doubt, which it is not.
@NullMarked
package io.postmesh.audit.census;

import org.jspecify.annotations.NullMarked;
