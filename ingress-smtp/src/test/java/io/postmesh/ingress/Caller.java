package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/// A client that sends what it is told, octet by octet.
final class Caller implements AutoCloseable {
    private final Socket socket;

    private Caller(Socket socket) {
        this.socket = socket;
    }

    /// Connected, nothing read yet.
    static Caller dial(InetSocketAddress server) throws IOException {
        var socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        return new Caller(socket);
    }

    /// Greeted, and ready to send this to that after DATA.
    static Caller inData(InetSocketAddress server, String from, String to) throws IOException {
        var caller = dial(server);
        caller.reply();
        caller.say("EHLO client.test");
        caller.say("MAIL FROM:<" + from + ">");
        caller.say("RCPT TO:<" + to + ">");
        caller.say("DATA");
        return caller;
    }

    String say(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    void send(String octets) throws IOException {
        send(octets.getBytes(ISO_8859_1));
    }

    void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    void send(byte[] octets, int from, int to) throws IOException {
        socket.getOutputStream().write(octets, from, to - from);
    }

    /// The last line of the next reply; empty when the server has hung up.
    String reply() throws IOException {
        while (true) {
            var line = line();
            if (line.length() < 4 || line.charAt(3) != '-') return line;
        }
    }

    /// Everything the server says from now on until it hangs up.
    String rest() throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        try {
            for (int octet; (octet = socket.getInputStream().read()) != '\n'; ) {
                if (octet < 0) return line.toString(UTF_8);
                if (octet != '\r') line.write(octet);
            }
        } catch (SocketException reset) {
            return line.toString(UTF_8);
        }
        return line.toString(UTF_8);
    }

    /// Says that nothing more will be sent, and listens.
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Ends without a word, in the middle of whatever it was.
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
