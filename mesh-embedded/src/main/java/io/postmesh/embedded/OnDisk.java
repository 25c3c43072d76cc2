package io.postmesh.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;

/// What others leave to the operating system: a power cut in the next half minute would take it.
final class OnDisk {
    private OnDisk() {}

    /// Waits until a file, or a folder with all that is in it, is on the disk, and its name, too.
    static void force(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) forceOne(file);
        }
        forceOne(Objects.requireNonNull(tree.toAbsolutePath().getParent()));
    }

    private static void forceOne(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
