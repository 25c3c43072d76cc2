package io.postmesh.delivery.outcome;

import io.postmesh.contract.Recipient;

/// What came of one recipient in one attempt.
public record Result(Recipient recipient, Verdict verdict) {}
