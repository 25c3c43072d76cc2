package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One connection as octets: lines and data in, replies out.
///
/// Replies wait in a buffer until the client's octets are used up, so a pipelined group is answered in one segment
/// (RFC 2920 §3.2).
final class Wire {
    private static final int LONGEST_LINE = 64 * 1024;

    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream(512);

    final byte[] buffer = new byte[64 * 1024];
    int at;
    int filled;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /// The address the client came to.
    String door() {
        return socket.getLocalAddress().getHostAddress();
    }

    /// The next line without its CR LF; null when the client has gone. A bare CR or LF does not end a line.
    @Nullable
    String readLine() throws IOException {
        var longLine = new ByteArrayOutputStream(0);
        int from = at;
        for (int i = at; ; i++) {
            if (i == filled) {
                longLine.write(buffer, from, i - from);
                if (longLine.size() > LONGEST_LINE || !fill()) return null;
                i = from = at;
            }
            if (buffer[i] != '\n') continue;
            longLine.write(buffer, from, i + 1 - from);
            from = at = i + 1;
            var octets = longLine.toByteArray();
            if (octets.length >= 2 && octets[octets.length - 2] == '\r') {
                return new String(octets, 0, octets.length - 2, UTF_8);
            }
        }
    }

    /// Sends what waits to be sent, then reads; false when the client has gone.
    boolean fill() throws IOException {
        flush();
        at = 0;
        filled = Math.max(0, in.read(buffer, 0, buffer.length));
        return filled > 0;
    }

    /// Whether the client has sent more than was read: it pipelines.
    boolean hasMore() {
        return at < filled;
    }

    void write(String text) {
        replies.writeBytes(text.getBytes(UTF_8));
    }

    void flush() throws IOException {
        if (replies.size() == 0) return;
        replies.writeTo(out);
        out.flush();
        replies.reset();
    }

    void drip(String text, Duration perOctet) throws IOException, InterruptedException {
        flush();
        for (byte b : text.getBytes(UTF_8)) {
            Thread.sleep(perOctet);
            out.write(b);
            out.flush();
        }
    }

    /// Reads and forgets until the client gives up.
    void swallow() throws IOException {
        while (fill()) {
            // nothing is ever answered
        }
    }

    /// Speaks TLS from here on. What came in clear after STARTTLS is forgotten (RFC 3207 §4.2: injected commands).
    String startTls(SSLContext context) throws IOException {
        flush();
        at = filled = 0;
        var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        socket = tls;
        in = tls.getInputStream();
        out = tls.getOutputStream();
        return tls.getSession().getProtocol();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // the peer was faster
        }
    }
}
