package io.postmesh.lab.cluster;

import java.util.Locale;

/// The services a cluster runs copies of, in the order a message walks.
public enum ServiceName {
    INGRESS("256m"),
    POLICY("256m"),
    SIGNER("256m"),
    DELIVERY("384m");

    final String heap;

    ServiceName(String heap) {
        this.heap = heap;
    }

    /// As on the command line.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
