/// Turns at destinations: how many may talk to one at once, and who is next.
///
/// Way in: [io.postmesh.delivery.lane.LaneBook#enqueue]. Each destination has a lane; its window grows on success,
/// shrinks on failure and rests when the destination seems dead. Lanes take turns, so one destination never blocks
/// another.
/// Absent on purpose: mail, Kafka, SMTP. An errand that finds no turn is handed back, and waits in the waiting room.
/// Known gaps: limits shared by several workers (Redis), shaping per provider.
@NullMarked
package io.postmesh.delivery.lane;

import org.jspecify.annotations.NullMarked;
