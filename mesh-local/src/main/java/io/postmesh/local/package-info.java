/// The model house: every service of the mesh in one process, on a Kafka and a Redis of its own.
///
/// Way in: [io.postmesh.local.Main], the program behind `./postmesh dev`, `run` and `send`. [io.postmesh.local.Node] is
/// the whole mesh; [io.postmesh.local.Playground] is what `dev` puts around it, so that nothing leaves the machine.
/// Absent on purpose: any knowledge of mail. What happens to a message is decided in the services.
@NullMarked
package io.postmesh.local;

import org.jspecify.annotations.NullMarked;
