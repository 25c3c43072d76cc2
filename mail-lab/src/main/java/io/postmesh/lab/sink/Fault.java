package io.postmesh.lab.sink;

import io.postmesh.mail.SmtpReply;
import java.time.Duration;
import java.util.Locale;

/// What the sink does in place of the normal reply, or to it.
public sealed interface Fault {
    /// Another reply; 421 also closes the connection (RFC 5321 §3.8).
    record Say(SmtpReply reply) implements Fault {}

    /// Closes without a word.
    record Drop() implements Fault {}

    /// Closes with a TCP reset, so the peer's next call fails instead of seeing an end.
    record Reset() implements Fault {}

    /// The normal reply, and a TCP reset on its heels: nobody knows whether the client read it.
    record ReplyThenReset() implements Fault {}

    /// Sends something that is no SMTP reply.
    record Garbage() implements Fault {}

    /// Never answers; the connection stays open.
    record Silence() implements Fault {}

    /// The normal reply, late.
    record Late(Duration by) implements Fault {}

    /// The normal reply, one octet at a time: a tarpit.
    record Drip(Duration perOctet) implements Fault {}

    static Fault say(int code, String text) {
        return new Say(SmtpReply.of(code, text));
    }

    /// Reads `drop`, `reset`, `reply-reset`, `garbage`, `silence`, `late 200ms`, `drip 50ms` or a reply such as
    /// `450 4.2.0 Not now`.
    static Fault parse(String text) {
        var words = text.strip().split(" ", 2);
        var rest = words.length > 1 ? words[1].strip() : "";
        return switch (words[0].toLowerCase(Locale.ROOT)) {
            case "drop" -> new Drop();
            case "reset" -> new Reset();
            case "reply-reset" -> new ReplyThenReset();
            case "garbage" -> new Garbage();
            case "silence" -> new Silence();
            case "late" -> new Late(duration(rest));
            case "drip" -> new Drip(duration(rest));
            default -> reply(words[0], rest, text);
        };
    }

    private static Fault reply(String code, String rest, String whole) {
        if (!code.matches("[2-5][0-9][0-9]")) {
            throw new IllegalArgumentException(
                    "not a behaviour: \"" + whole
                            + "\"; known: drop, reset, reply-reset, garbage, silence, late <time>, drip <time>, or a reply code and text");
        }
        return say(Integer.parseInt(code), rest.isEmpty() ? "as told" : rest);
    }

    private static Duration duration(String text) {
        if (text.matches("[0-9]{1,9}ms"))
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        if (text.matches("[0-9]{1,9}s"))
            return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
        throw new IllegalArgumentException("not a time: \"" + text + "\"; write 200ms or 2s");
    }
}
