/// Sockets, bytes and time: everything the session must not know.
///
/// Way in: [io.postmesh.ingress.wire.SmtpServer] listens; a [io.postmesh.ingress.wire.Connection] per socket lives on
/// one event loop and knows how it begins and ends, with an [io.postmesh.ingress.wire.Inlet] for what comes and an
/// [io.postmesh.ingress.wire.Outlet] for what is said. Its [io.postmesh.ingress.wire.Conversation] cuts bytes into
/// commands ([io.postmesh.ingress.wire.LineReader]) or content ([io.postmesh.ingress.wire.DotReader]), does what the
/// session decides, and hands content to whatever implements [io.postmesh.ingress.wire.Door].
/// Bytes are split only at CR LF; a bare CR or LF ends the connection, for every client: exceptions for internal peers
/// are how smuggling came back in Postfix (August 2026).
/// Absent on purpose: what a message is, where it goes.
/// Standards: RFC 5321 §2.3.8 (lines), §4.5.2 (transparency), §4.5.3.2 (time-outs); RFC 2920 (PIPELINING); RFC 9293
/// §3.6
/// (half-closed connections, [io.postmesh.ingress.wire.HalfClose]).
/// Known gaps: TLS; PROXY protocol.
@NullMarked
package io.postmesh.ingress.wire;

import org.jspecify.annotations.NullMarked;
