/// The SMTP conversation, without sockets.
///
/// Way in: [io.postmesh.ingress.session.CommandParser#parse] makes a command of a line,
/// [io.postmesh.ingress.session.Session#next] a [io.postmesh.ingress.session.Step] of a command: an answer, the next
/// state, one effect for `wire` to perform.
/// Absent on purpose: clocks, I/O, Vert.x, Kafka, Redis. The outcome of an effect comes back as a value.
/// Standards: RFC 5321 §3, §4.1.4 (order of commands), §4.5.3 (limits); RFC 1870 (SIZE); RFC 2034 and 3463 (enhanced
/// codes); RFC 2920 (PIPELINING); RFC 6152 (8BITMIME); RFC 6531 (SMTPUTF8).
/// Known gaps: STARTTLS (RFC 3207) and AUTH (RFC 4954) come with the front door; BDAT (RFC 3030) and DSN parameters
/// (RFC 3461) are not offered; `RCPT TO:<postmaster>` without a domain is refused, for the mesh has no local mailboxes.
@NullMarked
package io.postmesh.ingress.session;

import org.jspecify.annotations.NullMarked;
