package io.postmesh.ingress.session;

/// What one message may be.
///
/// @param message    octets; 0: no limit
/// @param recipients of one transaction (RFC 5321 §4.5.3.1.8 asks for 100 at least)
public record Limits(long message, int recipients) {
    boolean isTooLarge(long octets) {
        return message > 0 && octets > message;
    }
}
