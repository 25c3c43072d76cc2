/// Turns at destinations: how many may talk to one at once, and who is next.
///
/// Way in: [io.postmesh.delivery.lane.LaneBook#enqueue]. Each destination has a lane; its window grows on success,
/// shrinks on failure and rests when the destination seems dead. Lanes take turns, so one destination never blocks
/// another.
/// Connections to destinations whose mail is spread over workers, and rates, are leased by all workers together.
/// Absent on purpose: mail, Kafka, SMTP. An errand that finds no turn is handed back, and waits in the waiting room.
/// Known gaps: shaping per provider beyond its rate; several destinations behind the same hosts are limited apart.
/// A conversation that hangs past its dot keeps its place until the dot's time-out (10 minutes): a few of them fill a
/// shrunken window, and mail for that destination waits while `/readyz` is ok.
@NullMarked
package io.postmesh.delivery.lane;

import org.jspecify.annotations.NullMarked;
