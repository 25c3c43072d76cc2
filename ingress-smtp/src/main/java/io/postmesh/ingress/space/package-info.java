/// Room on the disks that mail is written to, looked after before it runs out.
///
/// Way in: [SpaceWatch#open]; the door asks [SpaceWatch#isShort] at each MAIL, its health [SpaceWatch#silence]. [Floor]
/// and [Pace] think; [BrokerDisks]
/// and [FolderDisk] ask.
/// Failure mode: a disk nobody can ask about is not guarded. The last answer stands for 5 minutes; a Kafka that does
/// not tell the size of its disks (or forbids to ask) is taken without a floor, and the log says so once.
/// Known gaps: a Kafka that leaves these questions unanswered makes the door unready, and does not close it: the first
/// clients that come all the same wait for their 451, until the writer knows it, too.
/// Absent on purpose: freeing anything. What may go is the trimmer's (LEDGER L21) and the sweeper's (L22) to know.
@NullMarked
package io.postmesh.ingress.space;

import org.jspecify.annotations.NullMarked;
