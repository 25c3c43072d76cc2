package io.postmesh.ingress.session;

/// What one message may be.
///
/// @param message    octets; 0: no limit
/// @param recipients of one transaction (RFC 5321 §4.5.3.1.8 asks for 100 at least)
public record Limits(long message, int recipients) {
    /// Octets of all recipients' addresses: more than 2,000 of the longest, 20,000 usual ones. They travel in one
    /// record.
    static final int RECIPIENT_OCTETS = 512 << 10;

    /// Policy writes the header section once for each next hop.
    private static final long HEADER_COPIES = 16L << 20;

    /// Whether a header section of so many octets may go to so many recipients.
    public static boolean isTooMuchHeader(int octets, int recipients) {
        return (long) octets * recipients > HEADER_COPIES;
    }

    boolean isTooLarge(long octets) {
        return message > 0 && octets > message;
    }
}
