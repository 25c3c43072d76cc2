package io.postmesh.ingress.session;

/// What the client called itself.
///
/// @param extended by EHLO
public record Hello(String name, boolean extended) {}
