/// The private keys: read here, used here, and nowhere else in the mesh.
///
/// Way in: [io.postmesh.signer.keys.KeyFolder] reads and makes keys; [io.postmesh.signer.keys.KeyRing] finds the keys
/// of a domain; [io.postmesh.signer.keys.SigningKey] signs.
/// Absent on purpose: an accessor for a private key. A key signs or is written to its own file; it is never printed.
/// Standards: RFC 6376 §3.1 (selectors), §3.6.1 (key records); RFC 8301 (key sizes); RFC 8463 (Ed25519); RFC 7468
/// (PEM),
/// RFC 8017 (PKCS#1), RFC 5958 (PKCS#8), RFC 8410 (Ed25519 in PKCS#8).
/// Known gaps: keys are read at start; a changed key takes a restart. Encrypted key files are refused.
@NullMarked
package io.postmesh.signer.keys;

import org.jspecify.annotations.NullMarked;
