package io.postmesh.policy.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.zip.CRC32;

/// Everything the checks judge by.
///
/// @param senderLimit a sender domain's rate as written in the settings; empty text: no limit. Redis keeps the count,
///                    the book only has to change its version with it.
/// @param longestDelay for a limit: far below a message's life time, so that waiting never turns into a bounce
/// @param hops        Received fields a message may have
public record RuleBook(SenderRule senders, String senderLimit, Duration longestDelay, int hops) {
    /// The same rules have the same version in every worker and after every start; other rules, another one.
    public int version() {
        var sum = new CRC32();
        sum.update(text().getBytes(UTF_8));
        return (int) sum.getValue() & Integer.MAX_VALUE;
    }

    public String text() {
        return "senders=" + senders.text() + "; sender-limit=" + senderLimit + "; longest-wait=" + longestDelay
                + "; hops=" + hops;
    }
}
