package io.postmesh.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One process of a cluster, by its name. What it prints lies in a file for each of its lives.
public final class Member {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration GONE = Duration.ofSeconds(10);
    private static final int LAST_WORDS = 2_000;

    private final Launch launch;
    private final Path outputs;
    private final Path pidFile;
    private final List<Path> lives = new ArrayList<>();
    private @Nullable Process process;

    Member(Launch launch, Path outputs, Path pids) {
        this.launch = launch;
        this.outputs = outputs;
        this.pidFile = pids.resolve(launch.name() + ".pid");
    }

    public String name() {
        return launch.name();
    }

    /// Of its present life.
    public long pid() {
        return current().pid();
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /// Begins a life, the first or another one, on the same ports and data. Returns at once.
    public void start() throws IOException {
        start(Map.of());
    }

    /// The same with more in its environment, for this life only: another clock, say.
    public synchronized void start(Map<String, String> more) throws IOException {
        if (isRunning()) throw new IllegalStateException(name() + " is running");
        var output = nextOutput();
        var builder = new ProcessBuilder(launch.command())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(outputs.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
        builder.environment().putAll(launch.environment());
        builder.environment().putAll(more);
        lives.add(output);
        process = builder.start();
        process.getOutputStream().close();
        Files.writeString(pidFile, Long.toString(process.pid()));
    }

    /// Waits for the fact that it works.
    ///
    /// @throws IOException when it ends before, or takes too long; with its last words
    public void awaitReady(Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!launch.readiness().isGiven(output())) {
            if (!isRunning()) throw new IOException(name() + " ended with " + exitCode() + ": " + lastWords());
            if (System.nanoTime() > deadline)
                throw new IOException(name() + " is not ready after " + atMost.toSeconds() + " s: " + lastWords());
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /// SIGKILL; returns when it is gone.
    public void kill() throws IOException {
        current().destroyForcibly();
        var _ = awaitEnd(GONE);
    }

    /// SIGKILL for whoever runs; somebody else waits for its end.
    synchronized void killUnawaited() {
        if (process != null) process.destroyForcibly();
    }

    /// After that, whether it ended by us or by itself: its pid may be another's from now on, so it is
    /// forgotten.
    void awaitGone() throws IOException {
        if (wasStarted()) {
            var _ = awaitEnd(GONE);
        }
    }

    private synchronized boolean wasStarted() {
        return process != null;
    }

    /// SIGTERM; returns its exit code.
    ///
    /// @throws IOException when it runs on after that time
    public int terminate(Duration atMost) throws IOException {
        askToEnd();
        return awaitEnd(atMost);
    }

    /// SIGTERM; returns at once.
    public void askToEnd() {
        current().destroy();
    }

    /// SIGSTOP: alive, and silent.
    public void suspend() throws IOException {
        signal("-STOP");
    }

    /// SIGCONT: it goes on as if no time had passed.
    public void resume() throws IOException {
        signal("-CONT");
    }

    /// What its present, or last, life printed.
    public synchronized Path output() {
        if (lives.isEmpty()) throw new IllegalStateException(name() + " was never started");
        return lives.getLast();
    }

    /// What it printed in all its lives of this cluster, a file each.
    public synchronized List<Path> outputs() {
        return List.copyOf(lives);
    }

    private synchronized int exitCode() {
        return current().exitValue();
    }

    private synchronized Process current() {
        if (process == null) throw new IllegalStateException(name() + " was never started");
        return process;
    }

    /// Waits until it is gone; returns its exit code.
    ///
    /// @throws IOException when it runs on after that time
    public int awaitEnd(Duration atMost) throws IOException {
        try {
            if (!current().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                throw new IOException(name() + " still runs after " + atMost.toSeconds() + " s: " + lastWords());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name() + " ended", e);
        }
        Files.deleteIfExists(pidFile);
        return exitCode();
    }

    private void signal(String signal) throws IOException {
        var kill = new ProcessBuilder("kill", signal, Long.toString(pid()))
                .redirectErrorStream(true)
                .start();
        try {
            if (!kill.waitFor(GONE.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0)
                throw new IOException("kill " + signal + " " + name() + " failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    // Lives of an earlier cluster on this folder are kept.
    private Path nextOutput() {
        int life = 1;
        while (Files.exists(outputs.resolve(name() + "." + life + ".log"))) life++;
        return outputs.resolve(name() + "." + life + ".log");
    }

    private String lastWords() throws IOException {
        var text = Files.readString(output());
        return output() + "\n" + text.substring(Math.max(0, text.length() - LAST_WORDS));
    }

    @Override
    public String toString() {
        return isRunning() ? name() + " (pid " + pid() + ")" : name();
    }
}
