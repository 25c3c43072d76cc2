package io.postmesh.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Postmesh as a process of its own, with the class path of the test and the heap the launcher gives it.
final class Child implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean over; // it has closed its output

    private Child(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    static Child start(Path data, Map<String, String> environment, String... arguments) throws IOException {
        return start("-Xmx640m", data, environment, arguments);
    }

    static Child start(String heap, Path data, Map<String, String> environment, String... arguments)
            throws IOException {
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:MaxDirectMemorySize=192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=logback.xml", // the program's, not the tests'
                "-cp",
                classPath,
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("POSTMESH_") || name.startsWith("POSTFIX_"));
        builder.environment().put("POSTMESH_DATA_DIR", data.toString());
        builder.environment().putAll(environment);
        return new Child(builder.start());
    }

    private void read() {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) add(line);
        } catch (IOException closed) {
            add("(" + closed.getMessage() + ")");
        }
        end();
    }

    private synchronized void end() {
        over = true;
        notifyAll();
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /// Everything it has printed so far.
    synchronized String output() {
        return String.join("\n", lines);
    }

    /// Waits for a line that this is found in.
    synchronized Matcher awaitLine(String regex) throws InterruptedException {
        var pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + TestMesh.SOON.multipliedBy(2).toNanos();
        while (true) {
            boolean isOver = over; // before the look: what came last is in the lines then
            for (var line : lines) {
                var found = pattern.matcher(line);
                if (found.find()) return found;
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || isOver)
                throw new AssertionError("no line like '" + regex + "' but:\n" + String.join("\n", lines));
            wait(Math.min(left, 500));
        }
    }

    long pid() {
        return process.pid();
    }

    /// As Ctrl-C does.
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(pid())).start().waitFor();
    }

    /// As kill -9 does.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Its exit code.
    int await(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
            throw new AssertionError("still running after " + atMost + ":\n" + output());
        awaitOutput();
        return process.exitValue();
    }

    // The process may be gone before its last lines are read. A child of its own may hold the output open: not for
    // long.
    private synchronized void awaitOutput() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!over && System.nanoTime() < deadline) wait(100);
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
