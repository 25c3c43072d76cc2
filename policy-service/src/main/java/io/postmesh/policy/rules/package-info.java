/// The rules as data, with a version. Code says how to judge, the rule book says by what.
///
/// Way in: [io.postmesh.policy.rules.RuleBook].
/// Absent on purpose: rules per customer; they come with `mesh.config`.
@NullMarked
package io.postmesh.policy.rules;

import org.jspecify.annotations.NullMarked;
