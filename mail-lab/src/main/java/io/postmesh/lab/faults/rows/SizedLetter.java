package io.postmesh.lab.faults.rows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.lab.load.Witness.Accepted;
import io.postmesh.lab.load.Witness.Refused;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/// A message of exactly so many octets, with its own client.
///
/// @param header octets of a header field nobody needs
/// @param said   whether MAIL FROM says the size (RFC 1870)
record SizedLetter(String name, int octets, int header, int recipients, boolean said) {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int LINE = 70;

    /// @param afterDot it came after the whole message
    record Reply(String text, boolean afterDot) {}

    Reply send(InetSocketAddress door) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(door, PATIENCE_MILLIS);
            var in = new BufferedInputStream(socket.getInputStream());
            reply(in);
            ask(socket, in, "EHLO sized.test");
            var sender = ask(socket, in, "MAIL FROM:<orders@demo.test>" + (said ? " SIZE=" + octets : ""));
            if (!sender.startsWith("250")) return new Reply(sender, false);
            for (var to : to()) {
                var answer = ask(socket, in, "RCPT TO:<" + to + ">");
                if (!answer.startsWith("250")) return new Reply(answer, false);
            }
            var data = ask(socket, in, "DATA");
            if (!data.startsWith("354")) return new Reply(data, false);
            socket.getOutputStream().write(message());
            return new Reply(ask(socket, in, "."), true);
        }
    }

    private static String ask(Socket socket, InputStream in, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
        return reply(in);
    }

    // Its last line.
    private static String reply(InputStream in) throws IOException {
        while (true) {
            var line = new StringBuilder();
            int octet = in.read();
            for (; octet >= 0 && octet != '\n'; octet = in.read()) if (octet != '\r') line.append((char) octet);
            if (octet < 0) throw new EOFException("the door closed");
            if (line.length() < 4 || line.charAt(3) != '-') return line.toString();
        }
    }

    private String[] to() {
        var to = new String[recipients];
        for (int i = 0; i < recipients; i++) to[i] = "sized-" + name + "-" + i + "@" + Cells.domain(i % 30);
        return to;
    }

    private String messageId() {
        return "<sized." + name + "@demo.test>";
    }

    // No line begins with a dot, so what is on the wire is the message.
    private byte[] message() {
        var text = new StringBuilder(octets);
        text.append("From: Shop <orders@demo.test>\r\nTo: all@load.test\r\nSubject: sized\r\n")
                .append("Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: ")
                .append(messageId())
                .append("\r\n");
        if (header > 0) {
            text.append("X-Long: begins");
            for (int left = header; left > 0; left -= LINE + 3)
                text.append("\r\n ").append("h".repeat(LINE));
            text.append("\r\n");
        }
        text.append("\r\n");
        fill(text);
        return text.toString().getBytes(US_ASCII);
    }

    private void fill(StringBuilder text) {
        while (octets - text.length() > 2 * LINE) text.append("b".repeat(LINE)).append("\r\n");
        text.append("e".repeat(octets - text.length() - 2)).append("\r\n");
    }

    Accepted accepted(String reply) {
        var mailId = reply.substring(reply.lastIndexOf(' ') + 1);
        return new Accepted(Instant.now(), -1, messageId(), to(), mailId, Duration.ZERO, octets, sha256(message()));
    }

    Refused refused(String reply, boolean afterDot) {
        int code = Integer.parseInt(reply.substring(0, 3));
        return new Refused(Instant.now(), messageId(), to(), code, reply, afterDot);
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return octets + " octets, " + header + " of header, " + recipients + " recipients" + (said ? ", said so" : "");
    }
}
