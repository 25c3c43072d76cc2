/// The desk: decides about every accepted mail, splits it by next hop, and says why.
///
/// Way in: [io.postmesh.policy.PolicyService#open]. One record of `mail.accepted` becomes records of `mail.cleared`, or
/// final failures in `mail.outcomes`, or one record in `mail.quarantine`; and one note in `mail.events`.
/// Absent on purpose: the body (nobody looks into it here), DNS, keys, and any memory of earlier mail but the limit's.
/// Standards: RFC 5321 §6 (what to do with mail that cannot go on); LEDGER L1 to L3.
/// Known gaps: recipients that must not be written to, rules per customer, holds until released.
@NullMarked
package io.postmesh.policy;

import org.jspecify.annotations.NullMarked;
