/// A whole mesh as it runs on many machines, on one: brokers, Redis and copies of each service as real processes.
///
/// Way in: [Cluster#start] with a [ClusterPlan]. Each process is a [Member] with a name (`broker-2`, `redis`,
/// `delivery-1`): it can be killed, stopped in order, suspended and started again on its own data, and each wait is for
/// a fact: a broker that takes requests, a Redis that answers, a service whose `/readyz` says 200.
/// Absent on purpose: any class of the mesh. Programs are started by the names of their main classes from the class
/// path
/// the plan gives, so what is tested is what is shipped.
/// Known gaps: all on one machine and one disk; POSIX signals, so no Windows.
@NullMarked
package io.postmesh.lab.cluster;

import org.jspecify.annotations.NullMarked;
