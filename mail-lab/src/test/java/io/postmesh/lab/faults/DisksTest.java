package io.postmesh.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power cut itself: if it forgot nothing, a row that passes would prove nothing.
class DisksTest {
    private static final int PROMISED = 100_000;

    @TempDir
    private Path folder;

    @Test
    void aPowerCutKeepsWhatWasFsyncedAndForgetsWhatWasOnlyWritten() throws Exception {
        try (var disks = disks()) {
            var log = folder.resolve("home/log");
            try (var file = FileChannel.open(log, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                write(file);
                file.force(true);
                write(file); // in the cache only
            }
            assertThat(Files.size(log)).isEqualTo(2 * PROMISED);
            disks.cut(List.of("home"));
            assertThat(Files.size(log)).isEqualTo(PROMISED);
        }
        assertThat(folder.resolve("home")).isEmptyDirectory(); // nothing stays mounted
        assertThat(folder.resolve("home.1.img")).doesNotExist();
    }

    private Disks disks() throws Exception {
        try {
            return Disks.make(folder, List.of("home"));
        } catch (CannotRun here) {
            assumeTrue(false, here.getMessage());
            throw here;
        }
    }

    private static void write(FileChannel file) throws Exception {
        var octets = ByteBuffer.allocate(PROMISED);
        while (octets.hasRemaining()) file.write(octets);
    }
}
