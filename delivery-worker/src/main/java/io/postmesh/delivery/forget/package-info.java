/// What the mesh forgets: records that every reader has committed and that are older than the replay window, and blobs
/// that no record names any more.
///
/// Way in: [io.postmesh.delivery.forget.Forgetting]. [io.postmesh.delivery.forget.Trimmer] removes records,
/// [io.postmesh.delivery.forget.BlobSweep] blobs.
/// Absent on purpose: time as a reason. Nothing unread is ever removed, however old.
/// Standards: LEDGER L21, L22.
/// Known gaps: Kafka gives disk back by whole segments, 1 GiB each unless the brokers say otherwise.
@NullMarked
package io.postmesh.delivery.forget;

import org.jspecify.annotations.NullMarked;
