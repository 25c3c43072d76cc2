package io.postmesh.embedded;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OS;
import redis.embedded.model.OsArchitecture;
import redis.embedded.util.IO;

/// A real Redis as a child process, its program taken from a jar. It keeps opinions (limits), never mail, so it saves
/// nothing to disk and forgets when it stops.
public final class EmbeddedRedis implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofMillis(800);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Path program;
    private final Path home;
    private final int port;
    private final Path pidFile;
    private volatile Process process;
    private boolean closed;

    private EmbeddedRedis(Path program, Path home, int port) throws IOException {
        this.program = program;
        this.home = home;
        this.port = port;
        this.pidFile = home.resolve("redis.pid");
        this.process = begin();
    }

    // Whoever took the folder over has a child of its own.
    private boolean isOurs() throws IOException {
        return Files.exists(pidFile) && Files.readString(pidFile).strip().equals(Long.toString(process.pid()));
    }

    private Process begin() throws IOException {
        var begun = launch(program, home, port);
        Files.writeString(pidFile, Long.toString(begun.pid()));
        return begun;
    }

    /// A child that dies is replaced on the same port; what it knew of limits is forgotten, and no mail depends on it.
    private void watch() {
        var child = process;
        child.onExit().thenRunAsync(this::replace, CompletableFuture.delayedExecutor(AGAIN.toMillis(), MILLISECONDS));
    }

    private synchronized void replace() {
        try {
            if (closed || !isOurs()) return;
            process = begin();
        } catch (IOException e) {
            System.err.println("postmesh: the embedded Redis died and does not start again: " + e.getMessage());
            return;
        }
        watch();
    }

    /// Ends a left-over child of a killed predecessor first (LEDGER L24).
    public static EmbeddedRedis start(Path folder) throws IOException {
        var home = Files.createDirectories(folder.toAbsolutePath());
        LeftOver.end(home.resolve("redis.pid"), home);
        var redis = new EmbeddedRedis(program(home), home, LoopbackPort.choose(0, home.resolve("port")));
        redis.awaitPong(home);
        redis.watch();
        return redis;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// Of the child process.
    public long pid() {
        return process.pid();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(pidFile);
    }

    /// The jar's program is unpacked once per data folder: 10 MB each start would be felt.
    static Path program(Path home) throws IOException {
        var program = home.resolve("redis-server");
        if (Files.isExecutable(program) && Files.size(program) > 0) return program; // a power cut leaves it empty
        var unpacked = unpack(home);
        if (!unpacked.setExecutable(true)) throw new IOException("cannot make " + unpacked + " executable");
        OnDisk.force(unpacked.toPath());
        Files.move(unpacked.toPath(), program, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        OnDisk.force(program);
        return program;
    }

    private static File unpack(Path home) throws IOException {
        var unpacking = Files.createDirectories(home.resolve("unpacking")).toFile();
        var kind = here();
        var resource = ExecutableProvider.newProvidedVersionsMap().get(kind);
        if (resource == null) throw new IOException("there is no Redis for " + kind.os + " on " + kind.arch);
        return IO.writeResourceToExecutableFile(unpacking, resource);
    }

    // The library runs `uname` to know the processor, which an image without a shell does not have.
    private static OsArchitecture here() {
        if (OS.detectOS() != OS.UNIX) return OsArchitecture.detectOSandArchitecture();
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> OsArchitecture.UNIX_x86_64;
            case "aarch64" -> OsArchitecture.UNIX_AARCH64;
            case null, default -> OsArchitecture.detectOSandArchitecture();
        };
    }

    static List<String> command(Path program, int port) {
        return List.of(
                program.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "64mb", // limits expire by themselves; a flood of networks must not eat the machine
                "--maxmemory-policy",
                "volatile-ttl",
                "--databases",
                "1");
    }

    private static Process launch(Path program, Path home, int port) throws IOException {
        var log = home.resolve("redis.log").toFile();
        return new ProcessBuilder(command(program, port))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private void awaitPong(Path home) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!answersPing()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException("The embedded Redis does not start; its log is " + home.resolve("redis.log"));
            }
            pause();
        }
    }

    private boolean answersPing() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(LoopbackPort.loopback(), port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void pause() throws IOException {
        try {
            process.waitFor(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while Redis started", e);
        }
    }
}
