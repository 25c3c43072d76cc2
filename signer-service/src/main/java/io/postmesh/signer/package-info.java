/// The seal: `mail.cleared` in, `mail.signed` out, DKIM-Signature fields in front of the header section.
///
/// Way in: [io.postmesh.signer.SignerService]. Settings: [io.postmesh.signer.SignerConfig].
/// Absent on purpose: the body, which nobody looks into here; a way to stop mail. What may not or cannot be signed goes
/// on without a signature, is counted, and the first time a domain lacks its key a line says so.
/// Standards: RFC 6376 §5 (signer actions).
/// Known gaps: a signature has no x=; keys are read at start only.
@NullMarked
package io.postmesh.signer;

import org.jspecify.annotations.NullMarked;
