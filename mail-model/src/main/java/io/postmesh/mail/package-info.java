/// The nouns of mail: addresses, domains, mail ids, replies.
///
/// Way in: [io.postmesh.mail.MailAddress#parse], [io.postmesh.mail.SmtpReply#of]. Every value checks itself when it is
/// made.
/// Absent on purpose: I/O, clocks, Kafka. Bytes of strangers become these types once, at the door.
/// Standards: RFC 5321 §4.1.2 (paths), §4.2 (replies); RFC 3463 (enhanced codes); RFC 6531 (SMTPUTF8).
@NullMarked
package io.postmesh.mail;

import org.jspecify.annotations.NullMarked;
