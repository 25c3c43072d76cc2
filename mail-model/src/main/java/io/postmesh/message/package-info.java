/// The header section of a message, as bytes.
///
/// Way in: [io.postmesh.message.Headers#scan]. It finds the fields and keeps every byte of them.
/// Absent on purpose: MIME, decoding, rewriting. Bodies are never looked into.
/// Standards: RFC 5322 §2.2 (fields, folding), §3.6.8 (field names).
@NullMarked
package io.postmesh.message;

import org.jspecify.annotations.NullMarked;
