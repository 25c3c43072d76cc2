package io.postmesh.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Resident memory as Linux counts it.
final class Memory {
    private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private Memory() {}

    /// The high-water marks of a process and all below it, added up (a little too much: shared pages count twice).
    static Optional<Long> peakOfTree(long pid) {
        return ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(process -> peak(process.pid()))
                        .sum())
                .filter(sum -> sum > 0);
    }

    private static long peak(long pid) {
        try {
            var status = HIGH_WATER.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            return status.find() ? Long.parseLong(status.group(1)) * 1024 : 0;
        } catch (IOException e) {
            return 0; // gone, or no Linux
        }
    }
}
