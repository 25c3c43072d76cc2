/// The door: speaks SMTP, says 250 only when the mail is safe.
///
/// Way in: [io.postmesh.ingress.IngressService#open]. Four rooms: `session` thinks, `wire` has the sockets, `intake`
/// keeps the mail; `space` looks after the disks.
/// [io.postmesh.ingress.RefusalLog] has a line for mail that was not taken.
/// Absent on purpose: delivery, DKIM keys, recipients' domains.
@NullMarked
package io.postmesh.ingress;

import org.jspecify.annotations.NullMarked;
