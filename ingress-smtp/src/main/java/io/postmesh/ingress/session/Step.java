package io.postmesh.ingress.session;

import java.util.Optional;

/// What one command leads to.
///
/// @param answer empty when the reply waits for the effect
public record Step(Optional<Answer> answer, State next, Effect effect) {
    static Step to(State next, Answer answer) {
        return new Step(Optional.of(answer), next, Effect.LISTEN);
    }

    static Step ask(State.Asking next) {
        return new Step(Optional.empty(), next, Effect.ASK_ADMISSION);
    }

    static Step takeData(State.Receiving next, Answer answer) {
        return new Step(Optional.of(answer), next, Effect.TAKE_DATA);
    }

    static Step close(State last, Answer answer) {
        return new Step(Optional.of(answer), last, Effect.CLOSE);
    }

    static Step drain(State last, Answer answer) {
        return new Step(Optional.of(answer), last, Effect.DRAIN_AND_CLOSE);
    }
}
