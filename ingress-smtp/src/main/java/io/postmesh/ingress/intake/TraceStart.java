package io.postmesh.ingress.intake;

import io.micrometer.core.instrument.MeterRegistry;
import io.postmesh.ingress.session.Client;
import io.postmesh.mail.ReversePath;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.runtime.trace.Parent;
import io.postmesh.runtime.trace.Step;
import io.postmesh.runtime.trace.Trace;
import java.time.Instant;
import java.util.Optional;

/// Begins the trace of a message, or goes on with its client's.
public final class TraceStart {
    /// What became of a `traceparent` field.
    enum Fate {
        FOLLOWED,
        MALFORMED,
        NOT_BELIEVED
    }

    private final Trace trace;
    private final TraceRule rule;
    private final Counters<Fate> fates;

    public TraceStart(Trace trace, TraceRule rule, MeterRegistry meters) {
        this.trace = trace;
        this.rule = rule;
        this.fates = Counters.of(
                meters,
                "postmesh_ingress_traceparents_total",
                "fate",
                Fate.class,
                "Messages with a traceparent field: followed, malformed and so ignored, or of one who is not believed.");
    }

    /// @param began when the first octet of the message came
    Step begin(Client client, ReversePath sender, HeaderFacts facts, Instant began) {
        var parent = facts.traceparent().flatMap(text -> parent(client, text));
        return trace.enter("accept", parent, rule.ratio(client, sender), began);
    }

    private Optional<Parent> parent(Client client, String traceparent) {
        if (!rule.believes(client)) {
            fates.count(Fate.NOT_BELIEVED);
            return Optional.empty();
        }
        var parent = Parent.parse(traceparent);
        fates.count(parent.isPresent() ? Fate.FOLLOWED : Fate.MALFORMED);
        return parent;
    }
}
