package io.postmesh.runtime.control;

import io.postmesh.contract.Action;
import java.time.Instant;

/// An action that is in force.
public record InForce(Action action, Instant since) {
    public Instant until() {
        return since.plus(action.lasts());
    }
}
