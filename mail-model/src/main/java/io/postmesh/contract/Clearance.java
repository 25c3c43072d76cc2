package io.postmesh.contract;

import io.postmesh.mail.Domain;
import java.time.Instant;
import java.util.Optional;

/// What policy decided for one next hop.
///
/// @param destination the queue: the recipients' domain, or the relay's name
/// @param partition   of `mail.signed` and its companions; never recomputed (LEDGER L2)
/// @param rule        the rule that decided, and its version: every verdict can be explained
/// @param notBefore   a limit or hold: delivery parks the record until then
/// @param holdReason  why it waits; a reason without a time is a hold until released
/// @param signAs      the d= this mail may be signed with
/// @param tag         the client's own word for this kind of mail, see [Tag]
public record Clearance(
        Route route,
        String destination,
        int partition,
        String rule,
        int ruleVersion,
        Optional<Instant> notBefore,
        Optional<String> holdReason,
        Optional<Domain> signAs,
        Optional<Tag> tag) {

    /// Of a mail without a tag.
    public Clearance(
            Route route,
            String destination,
            int partition,
            String rule,
            int ruleVersion,
            Optional<Instant> notBefore,
            Optional<String> holdReason,
            Optional<Domain> signAs) {
        this(route, destination, partition, rule, ruleVersion, notBefore, holdReason, signAs, Optional.empty());
    }

    public Clearance {
        if (destination.isEmpty()) throw new IllegalArgumentException("a clearance has a destination");
        if (partition < 0) throw new IllegalArgumentException("partition: 0 or more");
    }
}
