/// Turns at destinations: how many may talk to one at once, and who is next.
///
/// Way in: [io.postmesh.delivery.lane.LaneBook#enqueue]. Each destination has a lane; its window grows on success,
/// shrinks on failure and rests when the destination seems dead. Lanes take turns, so one destination never blocks
/// another.
/// Connections to destinations whose mail is spread over workers, and rates, are leased by all workers together.
/// Absent on purpose: mail, Kafka, SMTP. An errand that finds no turn is handed back, and waits in the waiting room.
/// Known gaps: shaping per provider beyond its rate; several destinations behind the same hosts are limited apart.
/// A conversation that waits for the answer to its dot for more than a minute makes room for another in its
/// destination's window, and is still one of its connections until the dot's time-out (10 minutes): as many as are
/// allowed that all hang keep the destination's mail waiting while `/readyz` is ok, and
/// `postmesh_delivery_unanswered_dots` says how many they are, not where. Beyond half of all attempts, those that
/// hang make no room. One that hangs before its dot makes none.
@NullMarked
package io.postmesh.delivery.lane;

import org.jspecify.annotations.NullMarked;
