package io.postmesh.runtime.kafka;

import io.postmesh.runtime.settings.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;

/// Whether a listener wants TLS, found out before Kafka's client talks to it in the clear: the client takes the alert
/// of TLS for the length of an answer, 350 MB of it, and the process ends for want of memory (KAFKA-4090).
public final class TlsProbe {
    private static final int PATIENCE_MS = Math.toIntExact(Duration.ofSeconds(2).toMillis());
    private static final short API_VERSIONS = 18;
    private static final int ALERT =
            0x15; // RFC 8446 §5.1; an answer of Kafka's is shorter than 16 MiB, so begins with 0

    private TlsProbe() {}

    /// @throws IOException when it does. Who does not answer, or says something else, is left to Kafka's client
    public static void check(KafkaSettings kafka) throws IOException {
        var protocol = kafka.client().getOrDefault("security.protocol", "PLAINTEXT");
        if (protocol.strip().toUpperCase(Locale.ROOT).endsWith("SSL")) return; // Kafka reads it so, too
        for (var address : kafka.bootstrap().split(",", -1)) {
            if (wantsTls(HostPort.parse(address)))
                throw new IOException("Kafka at " + address + " wants TLS; set POSTMESH_KAFKA_SECURITY_PROTOCOL, or"
                        + " POSTMESH_KAFKA_CA and POSTMESH_KAFKA_USER as it needs them");
        }
    }

    private static boolean wantsTls(HostPort address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(question());
            return socket.getInputStream().read() == ALERT;
        } catch (IOException e) {
            return false;
        }
    }

    /// ApiVersions, version 0, without a client's name: its length, then the header.
    private static byte[] question() {
        return ByteBuffer.allocate(14)
                .putInt(10)
                .putShort(API_VERSIONS)
                .putShort((short) 0)
                .putInt(0)
                .putShort((short) -1)
                .array();
    }
}
