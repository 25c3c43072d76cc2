package io.postmesh.runtime.redis;

import java.time.Duration;

/// Permission for so many, to be used within [TokenLeases#LAPSE].
///
/// @param granted 0 or more
/// @param again   after which asking again makes sense
public record Tokens(int granted, Duration again) {}
