package io.postmesh.delivery.waiting;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// When to try again (RFC 5321 §4.5.4.1: at least 30 minutes between tries in the long run, give up after 4 to 5 days;
/// the first tries come sooner, because greylisting is over in minutes).
///
/// @param steps    waits after the first, second, ... attempt; the last one repeats
/// @param lifetime of a mail, from its acceptance
public record RetrySchedule(List<Duration> steps, Duration lifetime) {
    private static final double SPREAD = 0.2; // a fifth either way: what failed together need not come back together

    public RetrySchedule {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.stream().anyMatch(step -> step.isNegative() || step.isZero())) {
            throw new IllegalArgumentException("give one or more waits above zero, such as 1m,5m,15m");
        }
    }

    public sealed interface Next {}

    public record TryAgain(Instant due) implements Next {}

    public record GiveUp() implements Next {}

    /// @param attempts made so far, at least one
    public Next after(int attempts, Instant acceptedAt, Instant now, RandomGenerator random) {
        var end = acceptedAt.plus(lifetime);
        if (!now.isBefore(end)) return new GiveUp();
        var due = now.plus(spread(step(attempts), random));
        return new TryAgain(due.isAfter(end) ? end : due); // one last try when the time is up
    }

    public boolean isOver(Instant acceptedAt, Instant now) {
        return !now.isBefore(acceptedAt.plus(lifetime));
    }

    private Duration step(int attempts) {
        return steps.get(Math.clamp(attempts, 1, steps.size()) - 1);
    }

    private static Duration spread(Duration wait, RandomGenerator random) {
        double factor = 1 + SPREAD * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.max(1, Math.round(wait.toMillis() * factor)));
    }
}
