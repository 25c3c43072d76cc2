package io.postmesh.ingress.session;

/// Who is calling.
///
/// @param network the /24 or /64 the address lies in: rates and connection counts are per network
/// @param trusted inside mynetworks: may relay
public record Client(String ip, String network, boolean trusted) {}
