package io.postmesh.policy.judge;

import io.postmesh.contract.Envelope;
import io.postmesh.contract.Slice;
import java.time.Duration;

/// What a check may see.
///
/// @param headers    the header section as accepted; the body is sealed, no rule looks into it
/// @param senderDelay how long the sender domain's limit asks this message to wait; zero when it is within its limit
public record Submission(Envelope envelope, Slice headers, Duration senderDelay) {
    public Submission {
        if (senderDelay.isNegative()) throw new IllegalArgumentException("a wait is not negative");
    }
}
