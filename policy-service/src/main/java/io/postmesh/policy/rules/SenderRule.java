package io.postmesh.policy.rules;

import io.postmesh.mail.Domain;
import io.postmesh.mail.ReversePath;
import java.util.Set;
import java.util.TreeSet;

/// Which sender domains are ours (`ALLOWED_SENDER_DOMAINS`, `ALLOW_EMPTY_SENDER_DOMAINS`).
public sealed interface SenderRule {
    /// No list: whoever may submit at all may use any sender, also the null one.
    record Any() implements SenderRule {}

    /// These domains and their subdomains; the null sender is nobody's, so it is refused.
    record Listed(Set<Domain> domains) implements SenderRule {
        public Listed {
            domains = Set.copyOf(domains);
        }

        // By labels, not by entries: ten thousand domains cost the same as one.
        private boolean holds(Domain domain) {
            return domains.contains(domain)
                    || domain.parent().filter(this::holds).isPresent();
        }
    }

    default boolean allows(ReversePath sender) {
        return switch (this) {
            case Any() -> true;
            case Listed list -> sender.domain().filter(list::holds).isPresent();
        };
    }

    default boolean allows(Domain domain) {
        return switch (this) {
            case Any() -> true;
            case Listed list -> list.holds(domain);
        };
    }

    /// The rule in one line, the same for the same rule: the rule book's version depends on it.
    default String text() {
        return switch (this) {
            case Any() -> "any";
            case Listed(var domains) -> "listed " + new TreeSet<>(domains);
        };
    }
}
