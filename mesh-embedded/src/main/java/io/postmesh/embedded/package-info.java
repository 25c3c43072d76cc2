/// The model house's machine room: a real Kafka broker inside the process and a real Redis beside it, on one data
/// folder.
///
/// Way in: [io.postmesh.embedded.DataFolder] first (one process per folder), then [io.postmesh.embedded.EmbeddedKafka]
/// and [io.postmesh.embedded.EmbeddedRedis]. Both listen on loopback only, unless the broker is told of an
/// [io.postmesh.embedded.EmbeddedKafka.Outside] for services in containers beside it, and never write to the terminal.
/// [io.postmesh.embedded.BrokerMain] and [io.postmesh.embedded.RedisProgram] are the same as processes of their own:
/// the cluster of the workshop (mail-lab) is made of them, three brokers on one machine;
/// [io.postmesh.embedded.KafkaHand] is its client.
/// [io.postmesh.embedded.Guard] makes the broker ask its clients who they are: TLS, logins and rules, for trials.
/// Absent on purpose: topics, groups and limits (mesh-runtime knows them); brokers on several machines, which are the
/// operator's own Kafka.
/// Known gaps: one machine, so one disk. A durable 250 here survives a power cut, not a lost disk. The guard is for
/// tests and yet lies in the main jar, and so in the image, where nothing calls it: two modules' tests share it, the
/// workshop is in the image as well, and a test jar cannot be had where tests are not built, as in `./postmesh`.
@NullMarked
package io.postmesh.embedded;

import org.jspecify.annotations.NullMarked;
