/// What an operator sees: health, metrics, logs.
///
/// Way in: [io.postmesh.runtime.ops.Health], [io.postmesh.runtime.ops.ManagementServer],
/// [io.postmesh.runtime.ops.Logging].
/// Absent on purpose: labels from strangers' input; they come from enums and configured names only.
@NullMarked
package io.postmesh.runtime.ops;

import org.jspecify.annotations.NullMarked;
