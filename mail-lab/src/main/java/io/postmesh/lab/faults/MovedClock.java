package io.postmesh.lab.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Another time for a process from its start on, by Debian's faketime.
///
/// All clocks are moved, the monotonic one, too: a library that left that alone would make each timed wait of a JVM
/// end at once, and the process would spin. The library for several threads costs 4 microseconds a look, this one
/// half of one; with an offset that never changes there is nothing for threads to quarrel about.
public final class MovedClock {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

    private MovedClock() {}

    /// The environment of a process whose clock is so far ahead; a negative time is behind.
    ///
    /// @throws CannotRun when the library is not there
    public static Map<String, String> ahead(Duration by) throws CannotRun {
        var library = LIBRARIES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new CannotRun("libfaketime is missing (apt-get install faketime)"));
        var sign = by.isNegative() ? "-" : "+";
        return Map.of(
                "LD_PRELOAD", library.toString(), "FAKETIME", sign + by.abs().toSeconds());
    }
}
