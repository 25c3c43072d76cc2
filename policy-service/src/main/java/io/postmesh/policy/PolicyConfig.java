package io.postmesh.policy;

import io.postmesh.contract.Route;
import io.postmesh.mail.Domain;
import io.postmesh.policy.rules.RuleBook;
import io.postmesh.policy.rules.SenderRule;
import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.settings.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;

/// @param route      how mail leaves the mesh
/// @param senderRate of one sender domain, in messages; empty: no limit
public record PolicyConfig(RuleBook rules, Route route, Optional<Rate> senderRate) {
    // A day: five times less than mail lives, so that a limit set too low still never bounces.
    private static final Duration LONGEST_DELAY = Duration.ofDays(1);
    private static final int HOPS = 101; // RFC 5321 §6.3: 100 or more, and our own, which the door counted without

    public static PolicyConfig from(Settings s) {
        var limit = s.optionalText("POSTMESH_SENDER_DOMAIN_RATE").orElse("");
        return new PolicyConfig(
                new RuleBook(senders(s), limit, LONGEST_DELAY, HOPS),
                s.isSet("RELAYHOST") ? Route.RELAYHOST : Route.MX, // which relay, delivery reads at each attempt
                s.optional("POSTMESH_SENDER_DOMAIN_RATE", Rate::parse));
    }

    // With neither name set ingress does not start; should policy run alone then, nobody may send.
    private static SenderRule senders(Settings s) {
        boolean anyAllowed = s.isSet("ALLOW_EMPTY_SENDER_DOMAINS"); // boky: any value, even "0"
        var domains = new HashSet<Domain>();
        for (var name : s.list("ALLOWED_SENDER_DOMAINS")) {
            Domain.parse(name)
                    .ifPresentOrElse(
                            domains::add,
                            () -> s.problem(
                                    "ALLOWED_SENDER_DOMAINS",
                                    "'" + name + "' is no domain name; write example.com example.org"));
        }
        return domains.isEmpty() && anyAllowed ? new SenderRule.Any() : new SenderRule.Listed(domains);
    }
}
