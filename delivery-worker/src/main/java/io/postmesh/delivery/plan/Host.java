package io.postmesh.delivery.plan;

import java.net.InetAddress;

/// One address to try.
///
/// @param name    as the MX record or setting has it: the name in TLS, logs and reports
/// @param nextHop the domain or relay we set out for; the name a certificate must have at level `secure`
/// @param rank    hosts of one rank are equals; the lower goes first
/// @param relay   configured by the operator, so it may be private
public record Host(String name, String nextHop, InetAddress address, int port, int rank, boolean relay) {
    /// `host[ip]:port`, as in logs and outcomes.
    @Override
    public String toString() {
        return name + "[" + address.getHostAddress() + "]:" + port;
    }
}
