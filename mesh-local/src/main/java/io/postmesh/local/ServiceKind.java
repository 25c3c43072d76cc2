package io.postmesh.local;

import java.util.Locale;

/// The services of the mesh, each of which can be a process of its own.
enum ServiceKind {
    INGRESS(8081),
    POLICY(8082),
    SIGNER(8083),
    DELIVERY(8084);

    private final int http;

    ServiceKind(int http) {
        this.http = http;
    }

    /// Where its management server listens by default: one of each kind finds its place on a host.
    String http() {
        return "127.0.0.1:" + http;
    }

    /// As it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
