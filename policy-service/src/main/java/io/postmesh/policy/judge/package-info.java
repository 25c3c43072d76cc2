/// The verdict on one message: an ordered list of checks, folded into clear, hold or refuse.
///
/// Way in: [io.postmesh.policy.judge.Judge#judge]. Give it a submission with every fact already gathered, get a verdict
/// that names the rule which decided and that rule's version.
/// Absent on purpose: I/O, clocks, Vert.x, Kafka, Redis (ArchUnit says so). The same submission gets the same verdict,
/// today and when a stage runs again. Time is a duration here; the edge turns it into a moment.
/// Known gaps: nobody orders an open-ended hold yet; it comes with the control plane.
@NullMarked
package io.postmesh.policy.judge;

import org.jspecify.annotations.NullMarked;
