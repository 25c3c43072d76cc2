/// DKIM's canonical forms (RFC 6376 §3.4), needed at both ends: ingress hashes bodies, the signer hashes headers.
///
/// Way in: [io.postmesh.dkim.BodyHash], fed while the body streams in; [io.postmesh.dkim.HeaderCanon] for fields.
/// Absent on purpose: keys, and the `simple` forms; we sign relaxed/relaxed only.
@NullMarked
package io.postmesh.dkim;

import org.jspecify.annotations.NullMarked;
