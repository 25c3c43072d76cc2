/// Kafka, with its traps handled once for all rooms.
///
/// Ways in: [io.postmesh.runtime.kafka.TopicWriter] to write without ever blocking the caller,
/// [io.postmesh.runtime.kafka.TransactionalStage] to read, work and write as one,
/// [io.postmesh.runtime.kafka.TopicTail] to watch, [io.postmesh.runtime.kafka.MeshTopics] to make and check the topics.
/// [io.postmesh.runtime.kafka.KafkaSettings] says how the brokers are reached, [io.postmesh.runtime.kafka.Rights] what
/// they have to allow.
/// [io.postmesh.runtime.kafka.SharedStore] refuses a blob store that is not the mesh's.
/// Absent on purpose: what a record says (`io.postmesh.contract`), and the delivery owner's out-of-order commits.
@NullMarked
package io.postmesh.runtime.kafka;

import org.jspecify.annotations.NullMarked;
