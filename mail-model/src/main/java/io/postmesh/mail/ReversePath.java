package io.postmesh.mail;

import java.util.Optional;

/// Where failure reports go: a mailbox, or nowhere (RFC 5321 §4.5.5).
public sealed interface ReversePath {
    record Null() implements ReversePath {}

    record Mailbox(MailAddress address) implements ReversePath {}

    ReversePath NULL = new Null();

    static ReversePath of(MailAddress address) {
        return new Mailbox(address);
    }

    default Optional<MailAddress> mailbox() {
        return switch (this) {
            case Null() -> Optional.empty();
            case Mailbox(var address) -> Optional.of(address);
        };
    }

    default Optional<Domain> domain() {
        return mailbox().map(MailAddress::domain);
    }

    /// What stands between the angle brackets of MAIL FROM.
    default String text() {
        return mailbox().map(MailAddress::text).orElse("");
    }
}
