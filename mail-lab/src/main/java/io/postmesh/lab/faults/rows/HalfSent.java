package io.postmesh.lab.faults.rows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/// A client in the middle of DATA: the first half of its message is sent.
final class HalfSent implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader in;
    private final String messageId;
    private final String recipient;
    private final String message;

    private HalfSent(Socket socket, String name) throws IOException {
        this.socket = socket;
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        messageId = "<half." + name + "@demo.test>";
        recipient = "half-" + name + "@d0007.load.test";
        message = "From: Shop <orders@demo.test>\r\nTo: " + recipient + "\r\nSubject: in the middle\r\n"
                + "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: " + messageId + "\r\n\r\n"
                + "A line like many others.\r\n".repeat(200);
    }

    /// @param name different for each
    static HalfSent open(InetSocketAddress door, String name) throws IOException {
        var socket = new Socket();
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(door, PATIENCE_MILLIS);
            var client = new HalfSent(socket, name);
            client.begin();
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void begin() throws IOException {
        expect(220, reply());
        for (var command :
                new String[] {"EHLO half.test", "MAIL FROM:<orders@demo.test>", "RCPT TO:<" + recipient + ">"}) {
            say(command + "\r\n");
            expect(250, reply());
        }
        say("DATA\r\n");
        expect(354, reply());
        say(message.substring(0, message.length() / 2));
    }

    /// Sends the other half and the dot.
    void goOn() throws IOException {
        say(message.substring(message.length() / 2) + ".\r\n");
    }

    /// The last line of the next reply.
    ///
    /// @throws IOException when the connection ends without one
    String reply() throws IOException {
        while (true) {
            var line = in.readLine();
            if (line == null) throw new EOFException("the connection ended without a reply");
            if (line.length() < 4 || line.charAt(3) != '-') return line;
        }
    }

    Accepted accepted(String reply) {
        var octets = message.getBytes(US_ASCII);
        var mailId = reply.substring(reply.lastIndexOf(' ') + 1);
        var recipients = new String[] {recipient};
        return new Accepted(
                Instant.now(), -1, messageId, recipients, mailId, Duration.ZERO, octets.length, sha256(octets));
    }

    /// @param afterDot whether the door may have it all the same
    Refused refused(String reply, boolean afterDot) {
        int code = reply.matches("[2-5][0-9][0-9].*") ? Integer.parseInt(reply.substring(0, 3)) : 0;
        return new Refused(Instant.now(), messageId, new String[] {recipient}, code, reply, afterDot);
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static void expect(int code, String reply) throws IOException {
        if (!reply.startsWith(Integer.toString(code))) throw new IOException("not " + code + " but " + reply);
    }

    private void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
