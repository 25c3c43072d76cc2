/// The audit: takes the recipients accepted in a window and finds each one, in Kafka and nowhere else (LEDGER L23).
///
/// Way in: [io.postmesh.audit.Audit] for one answer (`./postmesh audit`), [io.postmesh.audit.Auditor] for the same as
/// gauges. [io.postmesh.audit.census] counts; this package reads topics in flow order.
/// Absent on purpose: any word with a service, and any write. An audit may run anywhere, at any time, twice at once.
/// Known gaps: a record of `mail.signed` above delivery's committed position counts as found, though the owner may have
/// finished it already and only an older one holds the position, for a minute at most (L12); whether the body of a
/// waiting mail is still there is not looked at.
@NullMarked
package io.postmesh.audit;

import org.jspecify.annotations.NullMarked;
