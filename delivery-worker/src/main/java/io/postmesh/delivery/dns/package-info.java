/// Asks the DNS, and finds the hosts for a destination.
///
/// Way in: [io.postmesh.delivery.dns.HostFinder]. The one package that knows dnsjava; what the answers mean is decided
/// in
/// `plan`.
/// Standards: RFC 1035, RFC 2308 (negative answers), RFC 5321 §5.1, RFC 7505.
/// Known gaps: no DNSSEC, so no DANE. What the resolver says is believed.
@NullMarked
package io.postmesh.delivery.dns;

import org.jspecify.annotations.NullMarked;
