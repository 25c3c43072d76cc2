package io.postmesh.lab.load;

import java.time.Duration;
import java.time.Instant;

/// Hears of everything that becomes of the letters, on the threads of the sessions.
@FunctionalInterface
public interface Witness {
    /// One 250: the moment it was read, for which letter, and what the server called it.
    ///
    /// @param took   since it was due
    /// @param octets of the message, dots not doubled
    /// @param sha256 of these octets in hexadecimal; empty unless the plan asks for it
    record Accepted(
            Instant at,
            int number,
            String messageId,
            String[] recipients,
            String mailId,
            Duration took,
            int octets,
            String sha256) {}

    /// Anything but a 250.
    ///
    /// @param reply    as the server wrote it; the cause when the connection broke
    /// @param code     0 when the connection broke
    /// @param afterDot the server had the whole message: when the connection broke or the reply was 4xx, nobody
    ///                 knows who has it now
    record Refused(Instant at, String messageId, String[] recipients, int code, String reply, boolean afterDot) {
        public boolean broken() {
            return code == 0;
        }
    }

    /// After the ledger has it.
    void accepted(Accepted mail);

    default void refused(Refused refusal) {}

    /// How long a reply to a dot took, whatever it was.
    default void answered(Duration afterDot) {}
}
