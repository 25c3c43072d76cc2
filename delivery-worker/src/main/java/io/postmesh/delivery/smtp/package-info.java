/// The conversation with a remote mail host: find it, greet it, hide from eavesdroppers, hand over the mail, and hear
/// what becomes of each recipient.
///
/// Way in: [io.postmesh.delivery.smtp.Carrier#carry], blocking, on a virtual thread. Below it, in the order in which
/// things happen: `Connector` opens a socket (and refuses forbidden addresses), `Greeter` makes a `Session` of it,
/// `Transaction` moves one mail, `Pool` keeps the session for the next.
/// Only `Carrier`, `SmtpConnection`, `Connector` and `TlsOptions` know Vert.x; a virtual thread writes and waits, the
/// event loop
/// reads and parses.
/// Absent on purpose: retries, queues, Kafka, limits. How many conversations one destination gets is the lane's choice.
/// Standards: RFC 5321, RFC 2920 (PIPELINING), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8), RFC 3207
/// (STARTTLS), RFC 4954 (AUTH PLAIN, LOGIN).
/// Known gaps: BDAT, DSN parameters, DANE, MTA-STS, XOAUTH2, client certificates.
@NullMarked
package io.postmesh.delivery.smtp;

import org.jspecify.annotations.NullMarked;
