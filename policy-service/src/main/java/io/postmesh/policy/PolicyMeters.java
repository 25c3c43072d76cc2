package io.postmesh.policy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postmesh.policy.judge.Judge;
import io.postmesh.policy.judge.Verdict;
import io.postmesh.runtime.ops.Buckets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What policy counts. A batch that runs again after an abort is counted again.
final class PolicyMeters {
    /// What a message came to; a label.
    enum Fate {
        CLEARED,
        HELD,
        REPORTED, // refused, and the sender is told
        DISCARDED // refused, and kept in quarantine only
    }

    private record Decision(Fate fate, String rule) {}

    private final Map<Decision, Counter> decisions = new HashMap<>();

    /// Records written for the signer: more than one a message when recipients have several next hops.
    final Counter cleared;

    /// Bodies shared by many next hops, put into the blob store once. Disk space of the blob store goes with it.
    final Counter shelved;

    /// Of one message: rules, limit and shared body.
    final Timer took;

    PolicyMeters(MeterRegistry meters, List<String> rules) {
        took = Buckets.timer("postmesh_policy_duration_seconds", Buckets.WORK)
                .description("Time to decide on one message. Near 0.25 s: Redis is slow; more: the blob store is.")
                .register(meters);
        for (var rule : rules)
            for (var fate : Fate.values()) decisions.put(new Decision(fate, rule), of(meters, fate, rule));
        decisions.put(new Decision(Fate.CLEARED, Judge.NO_OBJECTION), of(meters, Fate.CLEARED, Judge.NO_OBJECTION));
        cleared = Counter.builder("postmesh_policy_cleared_records_total")
                .description("Records written to mail.cleared; compare with decisions to see how far mail is split.")
                .register(meters);
        shelved = Counter.builder("postmesh_policy_shelved_bodies_total")
                .description("Bodies put into the blob store because many next hops share them.")
                .register(meters);
    }

    void count(Fate fate, Verdict verdict) {
        var counter = decisions.get(new Decision(fate, verdict.by().rule()));
        if (counter != null) counter.increment();
    }

    private static Counter of(MeterRegistry meters, Fate fate, String rule) {
        return Counter.builder("postmesh_policy_decisions_total")
                .description("Messages by what became of them and the rule that said so. A rise of discarded with"
                        + " client-trusted or sender-allowed means ingress lets in what it should refuse.")
                .tag("decision", fate.name().toLowerCase(java.util.Locale.ROOT))
                .tag("rule", rule)
                .register(meters);
    }
}
