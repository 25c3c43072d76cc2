/// How fast the mesh carries mail here, and how fast Postfix does.
///
/// Way in: [Main], that is `./postmesh bench relay | latency | jmh`. Each system under test is a process of its own,
/// or a cluster of them, with a fresh data folder on the disk ([RelayUnderTest]); what sends is a [Sender], what
/// receives is Debian's smtp-sink, and [Measurement] holds both clocks and reads each process' [Cpu].
/// Absent on purpose: anything that makes one side faster than its users have it. Both sides get the same letters, the
/// same warm-up, the same disk.
/// Needs: Debian's `postfix` package for smtp-source and smtp-sink; `opendkim` and root for `--vs postfix`.
@NullMarked
package io.postmesh.bench;

import org.jspecify.annotations.NullMarked;
