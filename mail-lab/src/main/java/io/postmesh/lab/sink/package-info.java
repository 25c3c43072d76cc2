/// A receiving mail server that misbehaves on request.
///
/// Way in: [SmtpSink#start]. The recipient's local part chooses what happens ([Mailbox] has the table), lines of
/// [Rules] choose it per domain and stage, [SinkOptions] says what the server offers. What arrived is in the [Inbox],
/// to the octet as it was on the wire, or in a folder of .eml files.
/// Absent on purpose: relaying, any listener outside loopback that nobody asked for in words, repairing what a client
/// sent wrong.
/// Standards: RFC 5321 (server side), RFC 1870 (SIZE), RFC 2920 (PIPELINING), RFC 3207 (STARTTLS), RFC 4954 (AUTH
/// PLAIN and LOGIN), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
/// Known gaps: BDAT, DSN parameters, LMTP.
@NullMarked
package io.postmesh.lab.sink;

import org.jspecify.annotations.NullMarked;
