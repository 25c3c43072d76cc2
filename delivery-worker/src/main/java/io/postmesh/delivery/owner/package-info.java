/// Who owns a partition of `mail.signed`, and how nobody in it is lost (`docs/LEDGER.md`, rules L1 to L20).
///
/// Way in: [io.postmesh.delivery.owner.Owner]. Each recipient of each record ends as a final outcome or in the waiting
/// room before the record's offset is finished; a crash at any point repeats at most what was past its dot.
///
/// One partition is a [io.postmesh.delivery.owner.PartitionOwner]'s, and what its people share is their
/// [io.postmesh.delivery.owner.Station]: [io.postmesh.delivery.owner.Intake] admits what arrives,
/// [io.postmesh.delivery.owner.Returns] fetches those whose time has come, [io.postmesh.delivery.owner.Turns] says what
/// becomes of a letter whose turn it is, [io.postmesh.delivery.owner.Book] knows of everybody, and
/// [io.postmesh.delivery.owner.Scribe] writes. Operators are heard by [io.postmesh.delivery.owner.Control] and
/// served by each partition's [io.postmesh.delivery.owner.Steward].
///
/// Partitions go from worker to worker: [io.postmesh.delivery.owner.Lease] says how long one may believe to own
/// them (L13), [io.postmesh.delivery.owner.Attempt] what becomes of a conversation that is running then (L14),
/// [io.postmesh.delivery.owner.Custody] keeps mail whose attempt ends elsewhere (L15),
/// [io.postmesh.delivery.owner.Tail] reads what others write, and [io.postmesh.delivery.owner.Hearsay] does what
/// follows from it (L16).
///
/// Absent on purpose: SMTP (`smtp`), turns (`lane`), due times (`waiting`).
///
/// Known gaps: a record that kills its worker before the note of its attempt is in Kafka is not told from any other
/// (L19 counts noted attempts): while it is read and decoded, or while the connection is made. Its content is made
/// ready behind the note; the first owner awaits it at the dot only, so its death may go uncounted, and no later
/// owner's. The thread that reads and commits looks into the index of waiting mail, and writes its mark: a local disk
/// that hangs stops it, and after the session's time-out others take the partitions over.
@NullMarked
package io.postmesh.delivery.owner;

import org.jspecify.annotations.NullMarked;
