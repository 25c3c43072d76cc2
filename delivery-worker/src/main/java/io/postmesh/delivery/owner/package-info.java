/// Who owns a partition of `mail.signed`, and how nobody in it is lost (`docs/LEDGER.md`, rules L1 to L20).
///
/// Way in: [io.postmesh.delivery.owner.Owner]. Each recipient of each record ends as a final outcome or in the waiting
/// room before the record's offset is finished; a crash at any point repeats at most what was past its dot.
///
/// Partitions go from worker to worker: [io.postmesh.delivery.owner.Lease] says how long one may believe to own
/// them (L13), [io.postmesh.delivery.owner.Attempt] what becomes of a conversation that is running then (L14),
/// [io.postmesh.delivery.owner.Custody] keeps mail whose attempt ends elsewhere (L15), and
/// [io.postmesh.delivery.owner.Tail] hears what others write (L16).
/// Absent on purpose: SMTP (`smtp`), turns (`lane`), due times (`waiting`).
/// Known gaps: a record that kills its worker before its first attempt is noted is not told
/// from any other (L19 counts noted attempts).
@NullMarked
package io.postmesh.delivery.owner;

import org.jspecify.annotations.NullMarked;
