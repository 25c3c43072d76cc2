/// Large bodies in an S3 bucket, for meshes on more than one host.
///
/// Way in: [io.postmesh.blobs.s3.S3BlobStore#open]. A key is handed out once S3 has answered 200 for all its bytes;
/// while a body comes in it is sent in parts, so memory holds one of them.
/// Standards: the S3 API with `PutObject`, multipart uploads, `ListObjectsV2`, CRC32 checksums (AWS SDK v2).
/// Absent on purpose: when a blob may go (LEDGER L22); encryption and life cycle, which are the bucket's.
@NullMarked
package io.postmesh.blobs.s3;

import org.jspecify.annotations.NullMarked;
