package io.postmesh.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A broker that answers each frame with the same one is on the other side.
class PassageTest {
    private static final short PRODUCE = 0;
    private static final short HEARTBEAT = 12;
    private static final int SOON_MILLIS = 30_000;
    private static final int BRIEF_MILLIS = 300;

    private ServerSocket broker;
    private Passage passage;
    private int port;

    @BeforeEach
    void open() throws IOException {
        broker = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echo);
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        passage = Passage.open(port, broker.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        passage.close();
        broker.close();
    }

    @Test
    void answersPassAndLateOnesComeLate() throws IOException {
        try (var client = connect()) {
            assertThat(ask(client, PRODUCE)).isEqualTo(PRODUCE);
            passage.late(Duration.ofMillis(400));
            long asked = System.nanoTime();
            assertThat(ask(client, PRODUCE)).isEqualTo(PRODUCE);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(390));
        }
    }

    @Test
    void whileItIsShutWritersReadNothingAndOthersAll() throws IOException {
        try (var writer = connect();
                var member = connect()) {
            passage.shut();
            say(writer, PRODUCE);
            assertThat(ask(member, HEARTBEAT)).isEqualTo(HEARTBEAT);
            writer.setSoTimeout(BRIEF_MILLIS);
            assertThatThrownBy(() -> hear(writer)).isInstanceOf(SocketTimeoutException.class);
            writer.setSoTimeout(SOON_MILLIS);
            passage.open();
            assertThat(hear(writer)).isEqualTo(PRODUCE);
        }
    }

    @Test
    void whatIsHeldCanBeLostWithItsConnection() throws IOException {
        try (var writer = connect();
                var member = connect()) {
            passage.shut();
            say(writer, PRODUCE);
            assertThat(ask(member, HEARTBEAT)).isEqualTo(HEARTBEAT);
            passage.lose();
            assertThatThrownBy(() -> hear(writer)).isInstanceOf(IOException.class);
            assertThat(ask(member, HEARTBEAT)).isEqualTo(HEARTBEAT);
        }
    }

    private void echo() {
        while (!broker.isClosed()) {
            try {
                var socket = broker.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException over) {
            return;
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOON_MILLIS);
        socket.setSoTimeout(SOON_MILLIS);
        return socket;
    }

    private static short ask(Socket client, short api) throws IOException {
        say(client, api);
        return hear(client);
    }

    private static void say(Socket client, short api) throws IOException {
        var out = new DataOutputStream(client.getOutputStream());
        out.writeInt(6);
        out.writeShort(api);
        out.writeInt(42);
        out.flush();
    }

    private static short hear(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        in.readInt();
        short api = in.readShort();
        in.readInt();
        return api;
    }
}
