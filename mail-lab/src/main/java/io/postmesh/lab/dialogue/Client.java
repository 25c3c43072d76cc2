package io.postmesh.lab.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// The client's end: octets out, whole replies in.
final class Client implements AutoCloseable {
    private Socket socket;
    private InputStream in;

    Client(InetSocketAddress server, Duration patience) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        socket.connect(server, (int) patience.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    /// The lines of one reply, without CR LF; fewer than a reply, or none, when the server closed.
    List<String> reply() throws IOException {
        var lines = new ArrayList<String>();
        while (true) {
            var line = line();
            if (line.isEmpty()) return lines;
            lines.add(line);
            if (line.length() < 4 || line.charAt(3) != '-') return lines;
        }
    }

    // Empty at the end of the stream; a server that resets has closed, too.
    private String line() throws IOException {
        var octets = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                octets.write(b);
                if (b == '\n') break;
            }
        } catch (SocketException e) {
            return "";
        }
        var line = octets.toString(UTF_8);
        return line.endsWith("\r\n") ? line.substring(0, line.length() - 2) : line;
    }

    boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    void shut() throws IOException {
        socket.shutdownOutput();
    }

    void startTls() throws IOException {
        var tls = (SSLSocket) trustingAnybody().getSocketFactory().createSocket(socket, "localhost", 0, true);
        tls.startHandshake();
        socket = tls;
        in = new BufferedInputStream(tls.getInputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static SSLContext trustingAnybody() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Gullible()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has TLS", e);
        }
    }

    private static final class Gullible implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
