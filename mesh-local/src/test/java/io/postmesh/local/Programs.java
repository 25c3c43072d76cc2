package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Debian's programs as clients and judges. A test that needs a missing one is skipped with its name; where all of them
/// are promised (`.ci/run`), it fails instead: a verifier that is not there verifies nothing.
final class Programs {
    private static final Path PYTHON = Path.of("/usr/bin/python3"); // Debian's: the one python3-dkim installs for

    private Programs() {}

    record Ended(int code, String output) {}

    static void need(String program, String debianPackage) {
        boolean there = List.of("/usr/bin", "/usr/sbin", "/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        demand(there, program + " is missing: apt-get install " + debianPackage);
    }

    static void needPython(String modules, String debianPackages) throws IOException, InterruptedException {
        demand(hasPython(modules), "Python's " + modules + " is missing: apt-get install " + debianPackages);
    }

    private static void demand(boolean there, String otherwise) {
        if (Boolean.getBoolean("postmesh.programs.promised"))
            assertThat(there).as(otherwise).isTrue();
        assumeTrue(there, otherwise);
    }

    private static boolean hasPython(String module) throws IOException, InterruptedException {
        return Files.isExecutable(PYTHON)
                && run("", List.of(PYTHON.toString(), "-c", "import " + module)).code() == 0;
    }

    static Ended python(String input, String script, String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of(PYTHON.toString(), "-c", script));
        command.addAll(List.of(arguments));
        return run(input, command);
    }

    static Ended run(String input, List<String> command) throws IOException, InterruptedException {
        var log = Files.createTempFile("program", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(UTF_8));
            } catch (IOException e) {
                assertThat(process.isAlive())
                        .as("it ended without reading its input")
                        .isFalse();
            }
            boolean ended = process.waitFor(300, TimeUnit.SECONDS);
            if (!ended) process.destroyForcibly();
            assertThat(ended).as(command.getFirst() + " ended in five minutes").isTrue();
            return new Ended(process.exitValue(), Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }
}
