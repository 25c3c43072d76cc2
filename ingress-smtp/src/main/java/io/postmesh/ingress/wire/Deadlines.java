package io.postmesh.ingress.wire;

import java.time.Duration;

/// How long a client may take.
///
/// @param command     for a whole command line, counted from the reply before it: a byte now and then buys no time
/// @param window      of DATA in which at least `window` x `minRate` octets must come
/// @param minRate     octets a second
/// @param message     for one whole DATA
/// @param connection  from its beginning, or its last accepted message, to the next: a NOOP now and then keeps no place
/// @param reply       from the final dot to our answer
/// @param drain       of silence after which a refused client's connection is closed
/// @param unread      for a client that does not read its replies
/// @param greetDelay  before the banner, for strangers: who talks first is no mail client
/// @param stop        for messages in progress when the process stops
public record Deadlines(
        Duration command,
        Duration window,
        int minRate,
        Duration message,
        Duration connection,
        Duration reply,
        Duration drain,
        Duration unread,
        Duration greetDelay,
        Duration stop) {

    public static final Deadlines STANDARD = new Deadlines(
            Duration.ofMinutes(5), // RFC 5321 §4.5.3.2.7: at least 5 minutes
            Duration.ofMinutes(5),
            500, // Postfix' example for smtpd_min_data_rate
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofSeconds(30), // many clients wait no longer than a minute
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMillis(300),
            Duration.ofSeconds(2)); // the whole process has less than 5 s in `dev`

    public Deadlines stopWithin(Duration limit) {
        return new Deadlines(command, window, minRate, message, connection, reply, drain, unread, greetDelay, limit);
    }

    /// With most connections taken, the idle ones make room (Postfix: smtpd_timeout 10 s under stress).
    Deadlines stressed() {
        var short_ = Duration.ofSeconds(10);
        return new Deadlines(
                min(command, short_),
                min(window, short_),
                minRate,
                message,
                connection,
                reply,
                drain,
                short_,
                greetDelay,
                stop);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
