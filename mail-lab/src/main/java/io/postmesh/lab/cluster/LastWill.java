package io.postmesh.lab.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Ends the members when the process that started them dies, even by kill -9: a shell that waits on a pipe only we
/// hold,
/// and then kills every pid that is written down.
final class LastWill implements AutoCloseable {
    private static final String SCRIPT =
            "cat >/dev/null; for f in \"$0\"/*.pid; do [ -f \"$f\" ] && kill -9 \"$(cat \"$f\")\" 2>/dev/null; done; :";

    private final Process shell;

    private LastWill(Process shell) {
        this.shell = shell;
    }

    static LastWill write(Path pids) throws IOException {
        return new LastWill(new ProcessBuilder("/bin/sh", "-c", SCRIPT, pids.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /// Carries it out, for whoever is left, and ends.
    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
        try {
            if (!shell.waitFor(5, TimeUnit.SECONDS)) shell.destroyForcibly();
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
