package io.postmesh.runtime.redis;

import java.time.Duration;

/// So many in a period, and how many may come at once.
///
/// @param burst how many may come at once after a rest
public record Rate(long limit, Duration period, long burst) {
    private static final String FORM = "write a rate such as 100/s, 6000/m or 1000/h, with a burst as 100/s+200";

    public Rate {
        if (limit < 1 || burst < 1) throw new IllegalArgumentException("a rate and its burst are 1 or more");
        if (period.toMillis() < 1) throw new IllegalArgumentException("a period is 1 ms or more");
        if (limit / period.toMillis() >= 1000 || burst > 1_000_000_000) {
            throw new IllegalArgumentException("a rate is below 1000000/s"); // the clock counts microseconds
        }
    }

    /// `100/s`, `6000/m`, `1000/h`, `50000/d`; `100/s+200` lets 200 through at once. Without a burst: one second's
    /// worth, at least 1.
    public static Rate parse(String text) {
        int slash = text.indexOf('/');
        int plus = text.indexOf('+');
        if (slash < 0 || plus >= 0 && plus < slash) throw new IllegalArgumentException(FORM);
        long limit = number(text.substring(0, slash));
        var period = period(text.substring(slash + 1, plus < 0 ? text.length() : plus));
        return new Rate(limit, period, plus < 0 ? oneSecond(limit, period) : number(text.substring(plus + 1)));
    }

    /// What one of so many workers may do when they cannot agree. A fifth is kept back: the number of workers is a
    /// guess then.
    Rate share(int workers) {
        long millis = (long) Math.ceil(period.toMillis() * workers / 0.8);
        return new Rate(limit, Duration.ofMillis(millis), Math.max(1, (long) (burst * 0.8 / workers)));
    }

    /// From one to the next, in the long run.
    public Duration interval() {
        return period.dividedBy(limit);
    }

    /// How many in this time, rounded down.
    long within(Duration time) {
        return (long) ((double) time.toNanos() * limit / period.toNanos());
    }

    private static long oneSecond(long limit, Duration period) {
        return Math.max(1, Math.round(limit * 1000.0 / period.toMillis()));
    }

    private static Duration period(String unit) {
        return switch (unit.strip()) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> throw new IllegalArgumentException(FORM);
        };
    }

    private static long number(String digits) {
        try {
            return Integer.parseInt(digits.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(FORM, e);
        }
    }
}
