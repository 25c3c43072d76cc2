/// A DKIM signature, from header bytes, a body hash and keys: values in, bytes out.
///
/// Way in: [io.postmesh.signer.dkim.DkimSigner].
/// Absent on purpose: clock, files, Kafka, the body. The body hash was taken at the door (io.postmesh.dkim.BodyHash);
/// the moment of signing is an argument. No `l=` (an attacker appends behind it), no `x=`, no `z=`, no `i=`.
/// Standards: RFC 6376 §3.5, §5; RFC 8301; RFC 8463.
@NullMarked
package io.postmesh.signer.dkim;

import org.jspecify.annotations.NullMarked;
