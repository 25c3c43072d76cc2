/// Failure reports: a final failure becomes a new mail to the sender, through the front door.
///
/// Way in: [io.postmesh.delivery.bounce.BounceService], a transactional stage from `mail.outcomes` to `mail.accepted`;
/// [io.postmesh.delivery.bounce.BounceWriter] writes the report, purely.
/// Absent on purpose: deciding whether a mail failed (`outcome`, `waiting`), signing and sending (it is mail like any).
/// Standards: RFC 3464 (status notifications), RFC 6522 (multipart/report), RFC 3834 (automatic answers), RFC 6533
/// (their UTF-8 address type), RFC 5321 §4.5.5 (null sender).
/// Known gaps: reports of delay or success; ENVID, RET and ORCPT (RFC 3461), which ingress does not take yet.
@NullMarked
package io.postmesh.delivery.bounce;

import org.jspecify.annotations.NullMarked;
