package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovedClockTest {
    private static final String PROGRAM = """
            void main() throws Exception {
                long begun = System.nanoTime();
                java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
                synchronized (this) { wait(300); }
                System.out.println(System.currentTimeMillis() + " " + (System.nanoTime() - begun) / 1_000_000);
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void aProcessLivesInAnotherTimeAndItsWaitsLastAsLongAsEver() throws Exception {
        Map<String, String> environment;
        try {
            environment = MovedClock.ahead(Duration.ofMinutes(30));
        } catch (CannotRun missing) {
            assumeTrue(false, missing.getMessage());
            return;
        }
        var source = Files.writeString(folder.resolve("Waits.java"), PROGRAM);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(java, "-Xshare:auto", source.toString());
        builder.environment().putAll(environment);
        var said = Shell.run(Duration.ofMinutes(2), builder).strip().split(" ");
        assertThat(Instant.ofEpochMilli(Long.parseLong(said[0])))
                .isAfter(Instant.now().plus(Duration.ofMinutes(28)));
        assertThat(Long.parseLong(said[1])).isGreaterThanOrEqualTo(580);
    }
}
