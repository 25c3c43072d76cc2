package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.runtime.ops.Health;
import io.postmesh.runtime.ops.ManagementServer;
import io.postmesh.runtime.ops.Meters;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `./postmesh health`, which a container's engine asks.
class HealthTest {
    private final Vertx vertx = Vertx.vertx();
    private final Health health = new Health();
    private final StringWriter said = new StringWriter();
    private ManagementServer server;

    @BeforeEach
    void open() throws IOException {
        server = ManagementServer.open(vertx, new HostPort("127.0.0.1", 0), health, Meters.prometheus());
    }

    @AfterEach
    void close() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoIsReadyIsHealthy() {
        assertThat(ask(server.port())).isZero();
        assertThat(said).hasToString("ok\n");
    }

    @Test
    void whoIsNotReadyIsNotAndSaysWhy() {
        health.ready("kafka", () -> Optional.of("Kafka has not answered for 12 s"));
        assertThat(ask(server.port())).isEqualTo(Main.FAILED);
        assertThat(said).hasToString("kafka: Kafka has not answered for 12 s\n");
    }

    @Test
    void whoStartsIsAlive() {
        health.ready("start", () -> Optional.of("starting"));
        assertThat(ask(server.port(), "--live")).isZero();
    }

    @Test
    void whereNobodyListensNobodyIsHealthy() {
        int port = server.port();
        server.close();
        assertThat(ask(port)).isEqualTo(Main.FAILED);
        assertThat(said.toString()).contains("127.0.0.1:" + port + "/readyz does not answer");
    }

    @Test
    void whoTakesTheQuestionAndIsSilentIsNotHealthy() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(ask(silent.getLocalPort(), "--deadline", "1")).isEqualTo(Main.FAILED);
        }
    }

    private int ask(int port, String... more) {
        var words = new ArrayList<>(List.of("health", "--address", "127.0.0.1:" + port));
        words.addAll(List.of(more));
        var out = new PrintWriter(said);
        return Main.commands().setOut(out).setErr(out).execute(words.toArray(String[]::new));
    }
}
