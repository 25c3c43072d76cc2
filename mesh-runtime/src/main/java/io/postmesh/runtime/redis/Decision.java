package io.postmesh.runtime.redis;

import java.time.Duration;

/// What a limit says.
public sealed interface Decision {
    record Allowed() implements Decision {}

    /// @param retryAfter asking earlier is in vain
    record Limited(Duration retryAfter) implements Decision {}

    Decision ALLOWED = new Allowed();
}
