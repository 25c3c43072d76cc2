package io.postmesh.lab.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A disk image for each home, an ext4 file system mounted where its data lie. At a power cut the process is
/// killed and the image copied as it is: what was never fsynced is still in the mounted file system's cache,
/// and not in the copy. Then the copy takes the image's place.
public final class Disks implements AutoCloseable {
    private static final String SIZE = "4G"; // sparse: only what is written takes room
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Map<String, Path> images = new TreeMap<>();
    private final Thread hook = Thread.ofPlatform().unstarted(this::detach);
    private int copies;

    private Disks(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// @param homes folders below this one
    static Disks make(Path folder, List<String> homes) throws IOException, CannotRun {
        var disks = new Disks(folder);
        try {
            for (var home : homes) disks.make(home);
        } catch (IOException e) {
            disks.close();
            throw new CannotRun("no disk images here, which needs root, mkfs.ext4 and loop devices: " + e.getMessage());
        }
        return disks;
    }

    private void make(String home) throws IOException {
        var image = folder.resolve(home + ".img");
        Shell.run(PATIENCE, "truncate", "-s", SIZE, image.toString());
        Shell.run(PATIENCE, "mkfs.ext4", "-q", "-E", "lazy_itable_init=1", image.toString());
        mount(home, image);
    }

    private void mount(String home, Path image) throws IOException {
        var at = Files.createDirectories(folder.resolve(home));
        Shell.run(PATIENCE, "mount", "-o", "loop", image.toString(), at.toString());
        images.put(home, image);
    }

    /// What a disk holds after its power was cut at this moment. All homes named are cut at the same moment,
    /// as far as a
    /// copy of each in turn allows; who writes to them is dead already.
    public void cut(List<String> homes) throws IOException {
        copies++;
        for (var home : homes) copy(home);
        for (var home : homes) replace(home);
    }

    // Sparse and shared: the copy of some gigabytes takes the time of what is written.
    private void copy(String home) throws IOException {
        Shell.run(
                PATIENCE,
                "cp",
                "--sparse=always",
                image(home).toString(),
                cutImage(home).toString());
    }

    private void replace(String home) throws IOException {
        var old = image(home);
        Shell.run(PATIENCE, "umount", folder.resolve(home).toString());
        mount(home, cutImage(home));
        Files.deleteIfExists(old);
    }

    private Path cutImage(String home) {
        return folder.resolve(home + "." + copies + ".img");
    }

    private Path image(String home) {
        var image = images.get(home);
        if (image == null) throw new IllegalArgumentException("no disk for " + home + ", only for " + images.keySet());
        return image;
    }

    // A suite that is stopped leaves no mount behind, whoever is still writing to it.
    private void detach() {
        for (var home : images.keySet()) {
            try {
                Shell.run(PATIENCE, "umount", "-l", folder.resolve(home).toString());
            } catch (IOException e) {
                System.err.println("still mounted: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the hook does the same
        }
        for (var home : images.keySet())
            Shell.run(PATIENCE, "umount", folder.resolve(home).toString());
        for (var image : images.values()) Files.deleteIfExists(image);
        images.clear();
    }
}
