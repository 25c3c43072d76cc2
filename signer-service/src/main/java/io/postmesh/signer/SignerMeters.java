package io.postmesh.signer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postmesh.runtime.ops.Buckets;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.signer.keys.Algorithm;
import io.postmesh.signer.keys.SigningKey;
import java.util.List;
import java.util.function.Supplier;

/// What the signer counts.
record SignerMeters(
        Counters<Algorithm> signed, Counters<Algorithm> failed, Counters<Choice.Why> unsigned, Timer signing) {
    static SignerMeters in(MeterRegistry meters) {
        return new SignerMeters(
                signatures(meters, "signed"),
                signatures(meters, "failed"),
                Counters.of(
                        meters,
                        "postmesh_dkim_unsigned_total",
                        "why",
                        Choice.Why.class,
                        "Mail that went on without a signature. no_key: add the domain's key, the log names it;"
                                + " not_allowed: the sender rule does not cover the From domain."),
                Buckets.timer("postmesh_dkim_sign_duration_seconds", Buckets.WORK)
                        .description("Time to sign one mail with all keys. Rises with key size and a busy CPU.")
                        .register(meters));
    }

    /// What these keys make, counted; a mail has the signatures of all its keys or of none.
    byte[] sign(List<SigningKey> with, Supplier<byte[]> signing) {
        boolean done = false;
        try {
            var fields = this.signing.record(signing);
            done = true;
            return fields;
        } finally {
            for (var key : with) (done ? signed : failed).count(key.algorithm());
        }
    }

    private static Counters<Algorithm> signatures(MeterRegistry meters, String result) {
        return Counters.of(
                meters,
                "postmesh_dkim_signatures_total",
                Tags.of("result", result),
                "algorithm",
                Algorithm.class,
                "DKIM signatures. signed should follow accepted mail; when it stays behind, look at unsigned. Any failed:"
                        + " its mail is tried again, then kept in quarantine; the log says why.");
    }
}
