/// Log lines: one for each fact, that a machine can read and a stranger cannot forge.
///
/// Way in: [io.postmesh.runtime.log.Fact] for what happens to a mail; any slf4j logger for everything else. What a line
/// looks like is chosen by [io.postmesh.runtime.ops.Logging].
/// [io.postmesh.runtime.log.MaskingEncoder] takes mail addresses out of lines, where the operator wants it.
/// Standards: boky/postfix's `LOG_FORMAT`, which is rsyslog's view of Postfix, and its `ANONYMIZE_EMAILS`.
/// Absent on purpose: more than one line for a fact, its stack included.
/// Known gaps: a mask is for addresses; whom a domain in a reason or a host's name gives away is not asked.
@NullMarked
package io.postmesh.runtime.log;

import org.jspecify.annotations.NullMarked;
