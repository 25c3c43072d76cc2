package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the system, run to its end.
public final class Shell {
    private Shell() {}

    /// What it printed.
    ///
    /// @throws IOException when it is not there, fails, or takes too long
    public static String run(Duration atMost, String... command) throws IOException {
        return run(atMost, new ProcessBuilder(List.of(command)));
    }

    public static String run(Duration atMost, ProcessBuilder builder) throws IOException {
        var ended = ended(atMost, builder);
        if (ended.code() != 0)
            throw new IOException(
                    String.join(" ", builder.command()) + ": " + ended.output().strip());
        return ended.output();
    }

    record Ended(int code, String output) {}

    static Ended ended(Duration atMost, ProcessBuilder builder) throws IOException {
        var output = Files.createTempFile("program", ".out");
        try {
            var process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            await(process, atMost, builder.command().getFirst());
            return new Ended(process.exitValue(), Files.readString(output, UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    private static void await(Process process, Duration atMost, String name) throws IOException {
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) return;
            throw new IOException(name + " is not done after " + atMost.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
