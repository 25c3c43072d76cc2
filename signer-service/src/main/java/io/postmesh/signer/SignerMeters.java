package io.postmesh.signer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postmesh.runtime.ops.Buckets;
import io.postmesh.runtime.ops.Counters;
import io.postmesh.signer.keys.Algorithm;

/// What the signer counts.
record SignerMeters(Counters<Algorithm> signatures, Counters<Choice.Why> unsigned, Timer signing) {
    static SignerMeters in(MeterRegistry meters) {
        return new SignerMeters(
                Counters.of(
                        meters,
                        "postmesh_dkim_signatures_total",
                        "algorithm",
                        Algorithm.class,
                        "DKIM signatures made. Should follow accepted mail; when it stays behind, look at unsigned."),
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
}
