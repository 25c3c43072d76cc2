package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A remote that does exactly what a test says, octet by octet: for what no well-made sink would do.
final class Peer implements AutoCloseable {
    private final ServerSocket door;
    private final Script script;
    final AtomicInteger connections = new AtomicInteger();

    /// What it does with each connection, counted from 1; the connection closes afterwards.
    interface Script {
        void run(int connection, Line line) throws IOException;
    }

    private Peer(ServerSocket door, Script script) {
        this.door = door;
        this.script = script;
    }

    static Peer start(Script script) {
        try {
            var peer = new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
            Thread.ofVirtual().start(peer::serve);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(socket, number));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void talk(Socket socket, int number) {
        try (socket) {
            script.run(number, new Line(socket));
        } catch (IOException e) {
            // the other side hung up, as it may
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One connection.
    static final class Line {
        private Socket socket;
        private InputStream in;
        private OutputStream out;

        private Line(Socket socket) throws IOException {
            use(socket);
        }

        private void use(Socket some) throws IOException {
            socket = some;
            in = new BufferedInputStream(some.getInputStream());
            out = some.getOutputStream();
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }

        /// The next line without its CR LF.
        String hear() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') return line.toString().replace("\r", "");
                line.append((char) c);
            }
            throw new IOException("hung up after " + line);
        }

        /// Greets, and answers EHLO with these extensions.
        void greet(String... extensions) throws IOException {
            say("220 peer.test ESMTP\r\n");
            helloed(extensions);
        }

        void helloed(String... extensions) throws IOException {
            hear();
            var reply = new StringBuilder();
            for (var extension : extensions)
                reply.append("250-").append(extension).append("\r\n");
            say("250-peer.test\r\n" + reply + "250 HELP\r\n");
        }

        void upgrade(SSLContext tls) throws IOException {
            var secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            use(secure);
        }

        /// Takes one mail.
        void takeMail() throws IOException {
            for (var line = hear(); ; line = hear()) {
                if (line.equals("DATA")) break;
                say("250 fine\r\n");
            }
            say("354 go on\r\n");
            while (!hear().equals(".")) {}
            say("250 taken\r\n");
        }

        /// Reads until the other side hangs up.
        void outlast() throws IOException {
            while (true) hear();
        }
    }
}
