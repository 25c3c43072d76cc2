/// From DATA to `mail.accepted`: what is taken, how it is kept, when it is safe.
///
/// Way in: [io.postmesh.ingress.intake.Intake], the [io.postmesh.ingress.wire.Door] of one event loop. It decides at
/// MAIL whether there is room, checks the header section, hashes and compresses the body while it streams in (large
/// ones into the blob store), and answers 250 only after Kafka's acknowledgement.
/// Accepted bytes are never changed: `Received:`, and a missing Date or Message-ID, are prepended.
/// Absent on purpose: MIME; DKIM keys; who may be mailed (policy).
/// Standards: RFC 5321 §4.4 (trace), §6.1 (responsibility), §6.3 (loops); RFC 5322 §3.6 (fields that are single);
/// RFC 6409 §8 (missing Date and Message-ID); RFC 6531 §4.3 (UTF8SMTP).
/// Known gaps: `for` in the trace field is left out: it would show Bcc recipients.
@NullMarked
package io.postmesh.ingress.intake;

import org.jspecify.annotations.NullMarked;
