package io.postmesh.ingress.wire;

import io.postmesh.ingress.session.Command;
import io.postmesh.ingress.session.State;
import java.util.Optional;

/// When an answer was earned.
///
/// @param state   before it
/// @param command that it is to; empty when it is to content, or to silence
record Moment(State state, Optional<Command> command) {
    DoorMeters.Stage stage() {
        return DoorMeters.Stage.of(state);
    }
}
