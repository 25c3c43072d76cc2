/// Who owns a partition of `mail.signed`, and how nobody in it is lost (`docs/LEDGER.md`, rules L1 to L18).
///
/// Way in: [io.postmesh.delivery.owner.Owner]. Each recipient of each record ends as a final outcome or in the waiting
/// room before the record's offset is finished; a crash at any point repeats at most what was past its dot.
/// Absent on purpose: SMTP (`smtp`), turns (`lane`), due times (`waiting`).
/// Known gaps: leases and hand-over notes (L13 to L16), the quarantine of mail that crashes its worker (L19), the cache
/// on disk (L20).
@NullMarked
package io.postmesh.delivery.owner;

import org.jspecify.annotations.NullMarked;
