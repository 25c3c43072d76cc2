/// What an operator sees: health, metrics, logs.
///
/// Way in: [io.postmesh.runtime.ops.Health], which [io.postmesh.runtime.ops.ManagementServer] tells to who asks and
/// [io.postmesh.runtime.ops.HealthWatch] to the log,
/// [io.postmesh.runtime.ops.Logging].
/// Absent on purpose: labels from strangers' input; they come from enums and configured names only.
/// Known gaps: log lines that a full disk does not take, and those that a stop does not get rid of within 1 s, are lost
/// and not counted; only what finds no place in the queue is. Of connections an address has 10 of 100: ten addresses
/// that hold theirs, opened again every 15 s, keep probes and scrapes of other hosts out, and one does so for all who
/// share it (behind a NAT, a proxy, on this host); who may reach the port is the network's to say.
@NullMarked
package io.postmesh.runtime.ops;

import org.jspecify.annotations.NullMarked;
