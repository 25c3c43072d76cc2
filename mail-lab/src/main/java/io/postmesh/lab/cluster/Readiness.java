package io.postmesh.lab.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// The fact that says a process works.
sealed interface Readiness {
    int TIMEOUT_MS = 2_000;

    /// It printed a line that begins so.
    record Line(String start) implements Readiness {}

    /// It answers `PING`.
    record Redis(int port) implements Readiness {}

    /// Its `/readyz` says 200.
    record Readyz(int port) implements Readiness {}

    /// @param output of the process since its start
    default boolean isGiven(Path output) {
        try {
            return switch (this) {
                case Line(var start) -> Files.readString(output).lines().anyMatch(line -> line.startsWith(start));
                case Redis(int port) -> answersPing(port);
                case Readyz(int port) -> saysReady(port);
            };
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean answersPing(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), US_ASCII).equals("+PONG");
        }
    }

    private static boolean saysReady(int port) throws IOException {
        var connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            connection.disconnect();
        }
    }
}
