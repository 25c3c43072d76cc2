package io.postmesh.delivery.smtp;

import io.postmesh.delivery.outcome.Step;
import java.time.Duration;

/// How long to wait for what. A deadline is for a whole reply: a remote that drips octets wins no time.
///
/// @param content until the final dot is answered
/// @param block   for 64 KiB of content to leave
/// @param idle    an unused session is kept so long
public record Timeouts(
        Duration connect,
        Duration banner,
        Duration hello,
        Duration tls,
        Duration mail,
        Duration rcpt,
        Duration data,
        Duration block,
        Duration content,
        Duration reset,
        Duration quit,
        Duration idle) {
    public static final Timeouts STANDARD = new Timeouts(
            Duration.ofSeconds(30), // as Postfix; RFC 5321 names none
            Duration.ofSeconds(60), // RFC 5321 §4.5.3.2.1 says 5 minutes; who is silent for one is down
            Duration.ofMinutes(5), // as Postfix
            Duration.ofSeconds(60),
            Duration.ofMinutes(5), // §4.5.3.2.2
            Duration.ofMinutes(5), // §4.5.3.2.3
            Duration.ofMinutes(2), // §4.5.3.2.4
            Duration.ofMinutes(3), // §4.5.3.2.5
            Duration.ofMinutes(10), // §4.5.3.2.6: any less, and mail that was taken is sent again
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30)); // below the 60 s after which the impatient hang up

    Duration of(Step step) {
        return switch (step) {
            case CONNECT -> connect;
            case BANNER -> banner;
            case HELLO, AUTH -> hello;
            case STARTTLS -> tls;
            case RESET -> reset;
            case MAIL -> mail;
            case RCPT -> rcpt;
            case DATA -> data;
            case CONTENT -> content;
        };
    }
}
