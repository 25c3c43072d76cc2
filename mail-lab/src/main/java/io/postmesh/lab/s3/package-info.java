/// An S3 server, for tests: S3Proxy in this process, its objects in memory.
///
/// Way in: [io.postmesh.lab.s3.S3Server#open]. Whoever uses it brings `s3proxy` and `url-connection-client`.
@NullMarked
package io.postmesh.lab.s3;

import org.jspecify.annotations.NullMarked;
