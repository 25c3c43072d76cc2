/// The rules, one file each. Every one is a pure question to a submission.
///
/// Way in: [io.postmesh.policy.checks.HouseRules#of], which puts them in order.
/// Absent on purpose: what a rule needs to ask elsewhere. A limit's state, for one, is fetched before the hearing.
/// Standards: RFC 5321 §6.3 (loops), §6.2 (unwanted mail); RFC 6376 §5 (what may be signed); invariant 11.
@NullMarked
package io.postmesh.policy.checks;

import org.jspecify.annotations.NullMarked;
