package io.postmesh.policy.checks;

import io.postmesh.policy.judge.Judge;
import io.postmesh.policy.judge.Rule;
import io.postmesh.policy.rules.RuleBook;
import java.util.List;

/// The rules of this house, in order: who may send, what may be sent, how fast.
public final class HouseRules {
    private HouseRules() {}

    public static Judge of(RuleBook book) {
        return new Judge(
                book.version(),
                List.of(
                        new Rule("client-trusted", new ClientTrusted()),
                        new Rule("sender-allowed", new SenderAllowed(book.senders())),
                        new Rule("message-shape", new MessageShape()),
                        new Rule("hop-count", new HopCount(book.hops())),
                        new Rule("from-aligned", new FromAligned(book.senders())),
                        new Rule("sender-domain-rate", new SenderDomainRate(book.longestDelay()))));
    }
}
