package io.postmesh.contract;

import io.postmesh.mail.Domain;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// What ingress learned about the bytes while they streamed in; nobody looks into the body again before delivery.
///
/// @param size       octets of header section and decoded body as accepted, before later rooms prepend fields
/// @param bodyHash   SHA-256 of the relaxed canonical body (RFC 6376 §3.4.4)
/// @param body       where the body is and how it is stored
/// @param eightBit   some octet is above 127: the next hop must offer 8BITMIME
/// @param smtpUtf8   the next hop must offer SMTPUTF8 (RFC 6531 §3.6)
/// @param fromDomain the From field's domain, when there is exactly one usable mailbox domain
public record Content(
        long size,
        byte[] bodyHash,
        BodyRef body,
        boolean eightBit,
        boolean smtpUtf8,
        Optional<Domain> fromDomain,
        String messageId) {

    /// The same content, its body in the blob store.
    public Content at(String blob, int sum) {
        return new Content(size, bodyHash, body.at(blob, sum), eightBit, smtpUtf8, fromDomain, messageId);
    }

    /// Equal when all they say is, the hash byte by byte.
    @Override
    public boolean equals(Object other) {
        return other instanceof Content c
                && size == c.size
                && Arrays.equals(bodyHash, c.bodyHash)
                && body.equals(c.body)
                && eightBit == c.eightBit
                && smtpUtf8 == c.smtpUtf8
                && fromDomain.equals(c.fromDomain)
                && messageId.equals(c.messageId);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bodyHash) + messageId.hashCode();
    }

    /// @param size octets once decoded
    /// @param sum  CRC-32C of the blob as stored; older records have none. A body in a record is Kafka's to check
    public record BodyRef(Encoding encoding, Optional<String> blob, long size, OptionalInt sum) {
        public BodyRef {
            if (sum.isPresent() && blob.isEmpty()) throw new IllegalArgumentException("a checksum of no blob");
        }

        /// A body whose blob, if it is in one, nobody can check.
        public BodyRef(Encoding encoding, Optional<String> blob, long size) {
            this(encoding, blob, size, OptionalInt.empty());
        }

        /// The same body once it lies in the blob store.
        public BodyRef at(String key, int sum) {
            return new BodyRef(encoding, Optional.of(key), size, OptionalInt.of(sum));
        }

        public enum Encoding {
            IDENTITY,
            ZSTD
        }
    }
}
