package io.postmesh.runtime.ops;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a stranger on the port of the probes can take: little, and not for long.
class ManagementLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String LIVEZ = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String METRICS = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final Vertx VERTX = Vertx.vertx();

    private final Health health = new Health();
    private final io.micrometer.prometheusmetrics.PrometheusMeterRegistry meters = Meters.prometheus();
    private final AtomicInteger rendered = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private ManagementServer server;

    @BeforeEach
    void open() throws IOException {
        server = open(LONG);
    }

    private ManagementServer open(Duration patience) throws IOException {
        return ManagementServer.open(VERTX, new HostPort("127.0.0.1", 0), health, meters, patience);
    }

    @AfterEach
    void close() throws IOException {
        for (var socket : sockets) socket.close();
        server.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void nobodyGetsHttp2() throws Exception {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
        assertThat(all(connect(preface))).startsWith("HTTP/2.0 501 ");
        var upgrade = """
                GET /livez HTTP/1.1
                Host: x
                Connection: Upgrade, HTTP2-Settings
                Upgrade: h2c
                HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA

                """.replace("\n", "\r\n");
        assertThat(all(connect(upgrade))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void oneConnectionTooManyIsClosedAndTheOthersAreServed() throws Exception {
        for (int i = 0; i < Guests.OF_ONE; i++) connect("GET /livez HTTP/1.1\r\n");
        assertThat(all(connect(""))).isEmpty();
        await().until(() -> refused() == 1);
        assertThat(all(connect(from("127.0.0.2"), server, LIVEZ))).startsWith("HTTP/1.1 200 ");
        for (var socket : sockets.subList(0, Guests.OF_ONE)) {
            write(socket, "Host: x\r\n\r\n");
            assertThat(all(socket)).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
        }
        assertThat(all(connect(LIVEZ))).startsWith("HTTP/1.1 200 ");
        assertThat(refused()).isOne();
    }

    @Test
    void probesAreAnsweredWhileScrapesArePipelinedByWhoDoesNotRead() throws Exception {
        fillEveryBuffer();
        for (int i = 0; i < 5; i++) connect(METRICS.repeat(100));
        await().until(() -> rendered.get() > 0);
        assertThat(all(connect(LIVEZ))).startsWith("HTTP/1.1 200 ");
        assertThat(all(connect("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aConnectionHasOneAnswer() throws Exception {
        assertThat(all(connect(LIVEZ.repeat(100)))).containsOnlyOnce("HTTP/1.1 200 ");
    }

    @Test
    void halfARequestThatGrowsOctetByOctetIsEnded() throws Exception {
        try (var impatient = open(SHORT)) {
            awaitClosed(connect(impatient, "GET /livez HTTP/1.1\r\nX: "));
        }
    }

    @Test
    void anAnswerThatNobodyReadsIsEnded() throws Exception {
        fillEveryBuffer();
        try (var impatient = open(SHORT)) {
            awaitClosed(connect(impatient, METRICS));
        }
    }

    private void fillEveryBuffer() {
        Gauge.builder("postmesh_large", rendered::incrementAndGet)
                .description("x".repeat(8 << 20))
                .register(meters);
    }

    // Who writes to what is closed is told so.
    private static void awaitClosed(Socket socket) {
        await().until(() -> {
            try {
                write(socket, "x");
                return false;
            } catch (SocketException e) {
                return true;
            }
        });
    }

    private double refused() {
        return meters.get("postmesh_http_connections_refused_total").counter().count();
    }

    private Socket connect(String request) throws IOException {
        return connect(server, request);
    }

    private Socket connect(ManagementServer to, String request) throws IOException {
        return connect(new Socket(), to, request);
    }

    private static Socket from(String address) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        return socket;
    }

    private Socket connect(Socket socket, ManagementServer to, String request) throws IOException {
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port()));
        write(socket, request);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    // Up to the end, orderly or not: it is not when requests were left unread.
    private static String all(Socket socket) throws IOException {
        var read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return read.toString(ISO_8859_1);
    }
}
