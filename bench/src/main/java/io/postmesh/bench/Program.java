package io.postmesh.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A process we started, its output in a file. It does not outlive us.
final class Program implements AutoCloseable {
    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/usr/lib/postfix/sbin");

    private final Process process;
    private final Path output;
    private final Thread reaper = new Thread(this::kill);

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    static Program start(Path output, Map<String, String> environment, List<String> command) throws CannotMeasure {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start(), output);
        } catch (IOException e) {
            throw new CannotMeasure("cannot start " + command.getFirst() + ": " + e.getMessage());
        }
    }

    /// The path of a Debian program, or what to install for it.
    static String path(String name, String debianPackage) throws CannotMeasure {
        for (var place : PLACES) {
            var file = Path.of(place, name);
            if (Files.isExecutable(file)) return file.toString();
        }
        throw new CannotMeasure(name + " is missing: apt-get install " + debianPackage);
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// Waits for the program's own end.
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /// Waits until it is ready.
    void await(BooleanSupplier ready, Duration atMost, String what) throws CannotMeasure, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) throw new CannotMeasure(what + " ended by itself:\n" + lastLines());
            if (System.nanoTime() > deadline) throw new CannotMeasure(what + " took too long:\n" + lastLines());
            Thread.sleep(20);
        }
    }

    String lastLines() {
        var lines = tail(output, 4_000).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /// The last octets of a file, as text.
    static String tail(Path file, int octets) {
        try (var channel = Files.newByteChannel(file)) {
            var buffer = java.nio.ByteBuffer.allocate(octets);
            channel.position(Math.max(0, channel.size() - octets));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // reads on to the end
            }
            return new String(buffer.array(), 0, buffer.position(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) kill();
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // we are being shut down ourselves; the hook is doing it
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
