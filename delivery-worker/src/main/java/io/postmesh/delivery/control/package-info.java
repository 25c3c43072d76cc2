/// What operators want, as far as it is in force: which mail may go, waits, or ends.
///
/// Way in: [io.postmesh.delivery.control.Orders#on]. The same actions, in the order of `mesh.control`, make the same
/// order in every worker, so an owner change changes nothing.
/// Absent on purpose: Kafka, clocks, the waiting room; `owner` carries out what is decided here.
/// Known gaps: through a relay one record can be for several domains. Ending some of its recipients ends those only;
/// suspending or holding some holds up the record. States name offsets of `mesh.control`: whoever deletes that topic
/// makes them disobey as many actions as it had.
@NullMarked
package io.postmesh.delivery.control;

import org.jspecify.annotations.NullMarked;
