/// How fast a sender domain may send.
///
/// Way in: [io.postmesh.policy.quota.SenderQuota#delay], asked before the judge hears the mail.
/// Absent on purpose: mail. Redis forgets at worst a limit (invariant 1).
/// Known gaps: per-domain rates; there is one for all.
@NullMarked
package io.postmesh.policy.quota;

import org.jspecify.annotations.NullMarked;
