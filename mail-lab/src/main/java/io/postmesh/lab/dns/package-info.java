/// A name server for one machine, whose zone is a few lines of text.
///
/// Way in: [ToyDns#start]. It answers UDP and TCP on loopback from a [Zone]: standard zone lines, wildcards, and lines
/// of the form `name FAULT SERVFAIL` for names that misbehave.
/// Absent on purpose: recursion, zone transfers, DNSSEC, delegation. Every name is ours.
/// Standards: RFC 1035 (messages, master files, TCP framing), RFC 2308 (negative answers), RFC 4592 (wildcards),
/// RFC 6891 (UDP size), RFC 7505 (null MX is a plain record here).
@NullMarked
package io.postmesh.lab.dns;

import org.jspecify.annotations.NullMarked;
