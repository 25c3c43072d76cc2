package io.postmesh.runtime.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.embedded.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A real Redis that can be killed, hung and started again on its port, with options of its own.
final class RedisProcess implements AutoCloseable {
    private final Path program;
    private final Path home;
    private final int port;
    private Process process;

    private RedisProcess(Path program, Path home, int port, String... options) throws IOException {
        this.program = program;
        this.home = home;
        this.port = port;
        this.process = launch(options);
    }

    static RedisProcess start(Path home, String... options) throws IOException {
        try (var unpacked = EmbeddedRedis.start(home)) {
            var redis = new RedisProcess(home.resolve("redis-server"), home, freePort(), options);
            redis.awaitAnswer("+PONG");
            return redis;
        }
    }

    private static int freePort() throws IOException {
        try (var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return door.getLocalPort();
        }
    }

    private Process launch(String... options) throws IOException {
        var command = new ArrayList<>(List.of(program.toString(), "--bind", "127.0.0.1"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(Files.createDirectories(home.resolve("data")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("own.log").toFile())
                .start();
    }

    /// After a [#kill].
    void startAgain(String... options) throws IOException {
        process = launch(options);
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    void kill() throws Exception {
        process.destroyForcibly().waitFor();
    }

    void hang() throws Exception {
        signal("-STOP");
    }

    void wake() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        var kill = new ProcessBuilder("kill", signal, Long.toString(process.pid()));
        assertThat(kill.start().waitFor()).isZero();
    }

    /// Waits until a PING is answered so.
    void awaitAnswer(String start) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(10))
                .until(() -> say("PING").startsWith(start));
    }

    /// Says one command in Redis' inline protocol and returns the first line of the answer; empty when there is none.
    String say(String command) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
            var line = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
            return line == null ? "" : line;
        } catch (IOException notThere) {
            return "";
        }
    }

    /// One line of INFO, such as `used_memory`.
    String info(String section, String name) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(("INFO " + section + "\r\n").getBytes(US_ASCII));
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(name + ":")) return line.substring(name.length() + 1);
            }
            throw new IOException("no " + name);
        }
    }

    @Override
    public void close() throws Exception {
        kill();
    }
}
