package io.postmesh.ingress.session;

import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;

/// What a client may say, one line at a time.
public sealed interface Command {
    record Ehlo(String name) implements Command {}

    record Helo(String name) implements Command {}

    /// @param size     octets the client announced (RFC 1870 §6); -1: nothing announced
    /// @param smtpUtf8 the client asked for RFC 6531
    record MailFrom(ReversePath sender, long size, boolean smtpUtf8) implements Command {}

    record RcptTo(MailAddress recipient) implements Command {}

    record Data() implements Command {}

    record Rset() implements Command {}

    record Noop() implements Command {}

    record Vrfy() implements Command {}

    record Help() implements Command {}

    record Quit() implements Command {}

    /// A verb of some RFC that is not offered here.
    record NotOffered() implements Command {}

    /// No verb of SMTP at all.
    record Unknown() implements Command {}

    /// A known verb with wrong arguments, or a line of impossible characters; the session survives.
    record Malformed(Answer answer) implements Command {}

    /// What no mail client says. Whatever follows it cannot be told from an attack, so the connection ends.
    record Hopeless(Answer answer) implements Command {}

    /// Whether a client must read the reply before it sends anything else (RFC 2920 §3.1). NOOP, VRFY and QUIT are in
    /// that list, too; nothing is gained by enforcing it for them.
    default boolean mustAwaitReply() {
        return switch (this) {
            case Ehlo _, Helo _, Data _ -> true;
            case MailFrom _,
                    RcptTo _,
                    Rset _,
                    Noop _,
                    Vrfy _,
                    Help _,
                    Quit _,
                    NotOffered _,
                    Unknown _,
                    Malformed _,
                    Hopeless _ -> false;
        };
    }
}
