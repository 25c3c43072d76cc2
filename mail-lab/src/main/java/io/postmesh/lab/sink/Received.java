package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Slice;
import io.postmesh.message.BadHeader;
import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;

/// One message as it came.
///
/// @param number     counts the sink's messages from 1
/// @param connection counts the sink's connections from 1: equal numbers mean the client reused one
/// @param hello      the argument of EHLO or HELO
/// @param tls        the protocol (`TLSv1.3`), empty in clear
/// @param user       who authenticated, empty when nobody
/// @param sender     what stood between the angle brackets of MAIL FROM
/// @param parameters of MAIL FROM, as written
/// @param recipients what stood between the angle brackets of each accepted RCPT TO
/// @param wire       the octets between 354 and the final dot, dots still doubled
/// @param flaws      what a strict server may not like about these octets
/// @param answered   whether the client was told 250; false where the sink hung up instead, or on the heels of its
/// reply
public record Received(
        long number,
        Instant at,
        long connection,
        String hello,
        String tls,
        String user,
        String sender,
        List<String> parameters,
        List<String> recipients,
        byte[] wire,
        Flaws flaws,
        boolean answered) {

    /// Octets a strict server refuses (RFC 5321 §2.3.8) and lines whose first dot was not doubled (§4.5.2).
    public record Flaws(int bareCr, int bareLf, int undoubledDots) {
        public boolean none() {
            return bareCr == 0 && bareLf == 0 && undoubledDots == 0;
        }
    }

    /// The message with dot-stuffing undone (RFC 5321 §4.5.2).
    public byte[] message() {
        var out = new ByteArrayOutputStream(wire.length);
        boolean lineStart = true;
        for (int i = 0; i < wire.length; i++) {
            if (!(lineStart && wire[i] == '.')) out.write(wire[i]);
            lineStart = wire[i] == '\n' && i > 0 && wire[i - 1] == '\r';
        }
        return out.toByteArray();
    }

    public String text() {
        return new String(message(), UTF_8);
    }

    /// The header fields; empty when they cannot be read.
    public Headers headers() {
        try {
            return Headers.scan(Slice.of(message()));
        } catch (BadHeader e) {
            return new Headers(List.<HeaderField>of());
        }
    }

    /// Names the mail in assertions without printing its octets.
    @Override
    public String toString() {
        return "mail " + number + " from <" + sender + "> to " + recipients + ", " + wire.length + " octets";
    }
}
