package io.postmesh.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How full the disk of a folder is, in words for an operator: a broker that meets a full disk says no more than
/// "halt".
public final class DiskRoom {
    private static final long LEAST = 4 << 20; // no broker starts or lives with less

    private DiskRoom() {}

    /// `the disk of /data has 0 MiB free of 192 MiB`
    public static String of(Path folder) {
        try {
            var disk = Files.getFileStore(folder);
            return "the disk of " + folder + " has " + (disk.getUsableSpace() >> 20) + " MiB free of "
                    + (disk.getTotalSpace() >> 20) + " MiB";
        } catch (IOException e) {
            return "the disk of " + folder + " cannot be asked: " + e.getMessage();
        }
    }

    /// Whether a full disk explains what went wrong there.
    public static boolean isUsedUp(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() < LEAST;
        } catch (IOException e) {
            return false;
        }
    }
}
