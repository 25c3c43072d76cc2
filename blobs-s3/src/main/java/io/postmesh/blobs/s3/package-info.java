/// Large bodies in an S3 bucket, for meshes on more than one host.
///
/// Way in: [io.postmesh.blobs.s3.S3BlobStore#open]. A key is handed out once S3 has answered 200 for all its bytes;
/// while a body comes in it is sent in parts, so memory holds one of them.
/// Standards: the S3 API with `PutObject`, multipart uploads, `ListObjectsV2`, CRC32 checksums of what is written (AWS
/// SDK v2). Not every S3 has them for what is read: delivery compares that with the checksum in the mail's record.
/// Absent on purpose: when a blob may go (LEDGER L22); encryption and life cycle, which are the bucket's.
@NullMarked
package io.postmesh.blobs.s3;

import org.jspecify.annotations.NullMarked;
