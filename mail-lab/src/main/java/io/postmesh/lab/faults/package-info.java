/// The fault suite: what the mesh promises, tried on real processes while they are killed, stopped, cut off
/// and run out of power.
///
/// Way in: [FaultsCommand], which `./postmesh test --faults` runs. A row runs so: the driver sends workload W
/// to every door and keeps each 250 it read on the disk; the sink keeps every copy with its octets;
/// [Row#inject] does its harm meanwhile through a [Scene]. Then whoever is dead is started, the mail drains
/// until each promised recipient is delivered or reported, and an audit finds nothing on its way. [Judge]
/// counts what was promised against what came, and the [Bar]s say whether that is good enough.
///
/// To add a row: a record in `rows` that implements [Row], and a line in `rows.Rows`.
///
/// - [Row#mesh] says what it is done to: [MeshPlan#cluster] (three brokers, Redis, two copies of each service),
///   [MeshPlan#node] (one process), each with settings, and disk images where the power is to be cut. Rows
///   with equal plans share one running mesh, so a row undoes what it did beyond killing (sink rules are
///   cleared for it).
/// - [Scene#spread] puts the faults where mail is; [Scene#fault] writes one down with its time. A recipient
///   may be served twice only when the earlier copy was in flight at such a moment, so wrap exactly the harm
///   in it.
/// - [Row#prepare] makes the world what it has to be before the first letter: names ([Mesh#zone]), rules and doors
///   of the sink. [Row#judge] looks at all that came with the row's own eyes.
/// - A copy the sink hung up on explains one more of itself; no fault has to be written down for that.
/// - To do harm with: members are killed, stopped and suspended by name ([io.postmesh.lab.cluster.Member]); power
///   is cut by [Scene#cutPower]; another time is [MovedClock] given to [Scene#environment]; records are put into
///   topics, and leaders found and chosen, by [io.postmesh.lab.cluster.KafkaHand]; the sink and the name server
///   misbehave by their rules.
/// - [Notebook#measured] and [Notebook#check] are gates of the row's own; [Bar]s are those over the counts.
/// - What this machine cannot do is [CannotRun]: the row is told as not run, never as passed.
///
/// Absent on purpose: any class of the mesh (mail-lab knows mail-model alone); mercy with duplicates that no
/// fault explains.
/// Known gaps: all on one machine and one clock; a power cut is a copied disk image, so what the kernel wrote
/// back by itself within its 5 to 30 s survives it.
@NullMarked
package io.postmesh.lab.faults;

import org.jspecify.annotations.NullMarked;
