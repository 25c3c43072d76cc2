/// Log lines: one for each fact, that a machine can read and a stranger cannot forge.
///
/// Way in: [io.postmesh.runtime.log.Fact] for what happens to a mail; any slf4j logger for everything else. What a line
/// looks like is chosen by [io.postmesh.runtime.ops.Logging].
/// Standards: boky/postfix's `LOG_FORMAT`, which is rsyslog's view of Postfix.
/// Absent on purpose: more than one line for a fact, its stack included.
/// Known gaps: `ANONYMIZE_EMAILS` is not read; addresses stand as they are.
@NullMarked
package io.postmesh.runtime.log;

import org.jspecify.annotations.NullMarked;
