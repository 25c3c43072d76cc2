package io.postmesh.bench;

/// The measurement could not be made; the message says why and what to do.
final class CannotMeasure extends Exception {
    CannotMeasure(String message) {
        super(message);
    }
}
