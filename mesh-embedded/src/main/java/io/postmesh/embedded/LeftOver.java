package io.postmesh.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// After kill -9 of the process its Redis child lives on (LEDGER L24). A pid alone proves nothing, pids are used
/// again: only a process whose program lies in our own folder is ended.
final class LeftOver {
    private static final Logger log = LoggerFactory.getLogger(LeftOver.class);

    private LeftOver() {}

    static void end(Path pidFile, Path home) throws IOException {
        if (!Files.exists(pidFile)) return;
        var child = ProcessHandle.of(pid(pidFile)).filter(handle -> runsFrom(handle, home));
        if (child.isPresent()) endNow(child.get());
        Files.deleteIfExists(pidFile);
    }

    private static long pid(Path pidFile) throws IOException {
        try {
            return Long.parseLong(Files.readString(pidFile).strip());
        } catch (NumberFormatException torn) {
            return Long.MAX_VALUE; // nobody's
        }
    }

    private static boolean runsFrom(ProcessHandle handle, Path home) {
        return handle.info()
                .command()
                .filter(program -> program.startsWith(home.toString()))
                .isPresent();
    }

    private static void endNow(ProcessHandle child) {
        log.info("ending left-over Redis with pid {}", child.pid());
        child.destroyForcibly();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (isRunning(child)) {
            if (System.nanoTime() > deadline) {
                log.warn("left-over Redis {} does not end", child.pid());
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    // A process whose parent died with us may stay in the table as a zombie. Once all its threads are gone, so is its
    // hold on its port.
    private static boolean isRunning(ProcessHandle child) {
        return child.isAlive() && !isZombie(child.pid());
    }

    // proc(5): pid, name in parentheses, state.
    private static boolean isZombie(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2) && threads(pid) <= 1;
        } catch (IOException noLinux) {
            return false;
        }
    }

    private static long threads(long pid) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.count();
        }
    }
}
