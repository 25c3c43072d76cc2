/// Asks the owners of all partitions to do something, or to tell something, and waits for what they say.
///
/// Way in: [io.postmesh.runtime.control.Commander].
/// Absent on purpose: what an action does (the owners decide that), words for people, a service in between: whoever
/// reaches Kafka can ask.
@NullMarked
package io.postmesh.runtime.control;

import org.jspecify.annotations.NullMarked;
