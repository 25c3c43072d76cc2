/// Which hosts to try, in which order, and which never.
///
/// Way in: [io.postmesh.delivery.plan.Planner] turns answers of the DNS into a [io.postmesh.delivery.plan.Plan];
/// [io.postmesh.delivery.plan.RelayHost] reads boky's `RELAYHOST`; [io.postmesh.delivery.plan.Egress] says which
/// addresses may be connected to.
/// Absent on purpose: look-ups, sockets, clocks. Answers come in as values, chance as a generator.
/// Standards: RFC 5321 §5.1 (order of hosts, our own name among them), RFC 7505 (null MX), RFC 6890 (special
/// addresses).
/// Known gaps: MTA-STS and DANE do not restrict the list yet.
@NullMarked
package io.postmesh.delivery.plan;

import org.jspecify.annotations.NullMarked;
