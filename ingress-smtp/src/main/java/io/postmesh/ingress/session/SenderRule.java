package io.postmesh.ingress.session;

import io.postmesh.mail.Domain;
import io.postmesh.mail.ReversePath;
import java.util.Set;

/// Whose mail is taken: `ALLOWED_SENDER_DOMAINS`, with boky/postfix's meaning.
public sealed interface SenderRule {
    /// `ALLOW_EMPTY_SENDER_DOMAINS`: every sender of a trusted client.
    record Anyone() implements SenderRule {}

    /// These domains and their subdomains, as Postfix' access map matches parents. The null sender is no one's and is
    /// refused: a client that may send for `example.com` sends mail, not bounces.
    record Only(Set<Domain> domains) implements SenderRule {
        public Only {
            domains = Set.copyOf(domains);
            if (domains.isEmpty()) throw new IllegalArgumentException("a sender domain at least");
        }
    }

    default boolean allows(ReversePath sender) {
        return switch (this) {
            case Anyone() -> true;
            case Only(var domains) ->
                sender.domain()
                        .filter(d -> domains.stream().anyMatch(d::isWithin))
                        .isPresent();
        };
    }
}
