/// One message becomes one consignment per next hop.
///
/// Way in: [io.postmesh.policy.split.Splitter#split].
/// Absent on purpose: DNS, and anything measured. Where a consignment goes follows from the envelope alone (LEDGER L2),
/// so that a stage that runs again puts every recipient where it was.
@NullMarked
package io.postmesh.policy.split;

import org.jspecify.annotations.NullMarked;
