package io.postmesh.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.settings.HostPort;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// An SMTP client that sends exactly the octets it is given.
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// Connected and greeted.
    static RawClient connect(HostPort server) throws IOException {
        var client = new RawClient(new Socket(server.host(), server.port()));
        client.reply();
        client.say("EHLO client.test");
        return client;
    }

    /// Sends a line, gives the reply.
    String say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
        return reply();
    }

    /// One transaction for a message with CR LF line ends; gives the reply that ended it.
    String mail(String from, String to, byte[] message) throws IOException {
        var reply = say("MAIL FROM:<" + from + "> BODY=8BITMIME");
        if (!reply.startsWith("250")) return reply;
        reply = say("RCPT TO:<" + to + ">");
        if (!reply.startsWith("250")) return reply;
        reply = say("DATA");
        if (!reply.startsWith("354")) return reply;
        out.write(stuffed(message));
        return reply();
    }

    String reply() throws IOException {
        while (true) {
            var line = line();
            if (line.length() < 4 || line.charAt(3) != '-') return line;
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet; (octet = in.read()) != '\n'; ) {
            if (octet < 0) throw new IOException("the server hung up");
            if (octet != '\r') line.write(octet);
        }
        return line.toString(UTF_8);
    }

    private static byte[] stuffed(byte[] message) {
        var text = new String(message, ISO_8859_1);
        if (!text.endsWith("\r\n")) text += "\r\n";
        var stuffed = text.replace("\r\n.", "\r\n..");
        return ((stuffed.startsWith(".") ? "." : "") + stuffed + ".\r\n").getBytes(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
