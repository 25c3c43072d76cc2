package io.postmesh.runtime.kafka;

/// A number of partitions that cannot be had, with a sentence for the operator.
public final class GrowthRefused extends Exception {
    private static final long serialVersionUID = 1;

    GrowthRefused(String message) {
        super(message);
    }
}
