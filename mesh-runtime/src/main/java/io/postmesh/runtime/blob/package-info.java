/// Bodies too large for a Kafka record, kept under a key until nobody names it.
///
/// Way in: [io.postmesh.runtime.blob.BlobStore]. A key is handed out only once its bytes survive a power cut.
/// Each store carries a mark: by it [io.postmesh.runtime.kafka.SharedStore] knows whether it is that of the mesh.
/// Absent on purpose: when a blob may go; mark and sweep decides (LEDGER L22).
/// A folder that does not answer fails its readers after 30 s, on threads of their own (`BlobReads`). Known gap:
/// writes, marks, lists and removals are not timed; they wait for the folder on their caller's thread.
/// In a folder here; in an S3 bucket: `blobs-s3`.
@NullMarked
package io.postmesh.runtime.blob;

import org.jspecify.annotations.NullMarked;
