package io.postmesh.runtime.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/// Why a call of Redis failed, in words for who looks after it.
final class Reason {
    private Reason() {}

    static String of(Throwable problem) {
        var told = unwrapped(problem);
        return switch (told) {
            case TimeoutException _, RedisCommandTimeoutException _ ->
                "no answer in " + RedisState.BOUND.toMillis() + " ms";
            case RedisConnectionException e when e.getCause() != null -> message(root(e)); // "Connection refused"
            default -> message(told); // Redis' own words: "READONLY You can't write against a read only replica."
        };
    }

    static Throwable unwrapped(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private static Throwable root(Throwable problem) {
        var root = problem;
        while (root.getCause() != null) root = root.getCause();
        return root;
    }

    private static String message(Throwable problem) {
        var message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message;
    }
}
