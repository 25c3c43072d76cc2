package io.postmesh.delivery.lane;

import io.postmesh.contract.Reason;
import java.time.Instant;

/// There is no turn for this errand, and when to come again.
record Refusal(Errand errand, Reason reason, Instant notBefore) {
    void tell() {
        errand.turnedAway(reason, notBefore);
    }
}
