/// Redis holds opinions, Kafka holds mail: limits shared by all workers, each call bounded in time.
///
/// Way in: [io.postmesh.runtime.redis.RateLimiter], a call each; [io.postmesh.runtime.redis.TokenLeases] and
/// [io.postmesh.runtime.redis.SlotLeases], whose leases are spent locally. Without Redis every worker falls back to its
/// own share.
/// Known gaps: nobody guesses yet; [io.postmesh.runtime.redis.RateLimiter#takeGuess] waits for AUTH at the door.
/// Absent on purpose: anything whose loss would lose or repeat mail.
@NullMarked
package io.postmesh.runtime.redis;

import org.jspecify.annotations.NullMarked;
