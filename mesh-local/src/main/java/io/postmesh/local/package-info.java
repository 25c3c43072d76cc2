/// The model house: every service of the mesh in one process, on a Kafka and a Redis of its own; or each in a process
/// of
/// its own, on shared ones.
///
/// Way in: [io.postmesh.local.Main], the program behind `./postmesh dev`, `run`, `service`, `send` and `audit`, and of
/// the
/// image, whose words are those and `ingress`, `policy`, `signer`, `delivery`, `broker`, `sink`, `load`, `health`.
/// [io.postmesh.local.Ground] is what every process opens first, [io.postmesh.local.Roles] the services that stand on
/// it: all of them in a [io.postmesh.local.Node], one in [io.postmesh.local.ServiceCommand].
/// [io.postmesh.local.Playground] is what `dev` puts around it, so that nothing leaves the machine.
/// Absent on purpose: any knowledge of mail. What happens to a message is decided in the services.
///
/// Known gaps: `queue why` names a mail's tag only while it waits, for no event or outcome carries it. Of mail
/// that `release`, `resume`, `bounce` or `cancel` left, no line says why; of `flush` one does, for it leaves the
/// suspended and held.
@NullMarked
package io.postmesh.local;

import org.jspecify.annotations.NullMarked;
