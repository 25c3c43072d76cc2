package io.postmesh.lab.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A small file system of its own, with a file of somebody else's on it that grows and shrinks.
public final class SmallDisk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BLOCK = 1 << 16;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /// Empty where none can be mounted: only root may.
    public static Optional<SmallDisk> mount(int mebibytes) throws IOException {
        var folder = Files.createTempDirectory("small-disk");
        if (run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString()))
            return Optional.of(new SmallDisk(folder));
        Files.delete(folder);
        return Optional.empty();
    }

    public Path folder() {
        return folder;
    }

    /// Octets it has in all.
    public long size() throws IOException {
        return Files.getFileStore(folder).getTotalSpace();
    }

    /// Somebody else's file takes all but so much; it grows or shrinks to that.
    public void leave(long octets) throws IOException {
        long more = Files.getFileStore(folder).getUsableSpace() - octets;
        try (var ballast = new RandomAccessFile(ballast().toFile(), "rw")) {
            if (more < 0) ballast.setLength(Math.max(0, ballast.length() + more));
            ballast.seek(ballast.length());
            for (; more > 0; more -= BLOCK) ballast.write(new byte[(int) Math.min(BLOCK, more)]);
        } catch (IOException e) {
            if (Files.getFileStore(folder).getUsableSpace() > 0) throw e; // else others took the rest meanwhile
        }
    }

    /// Somebody else's file is gone.
    public void takeBack() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    private static boolean run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Also while somebody still has a file open there.
    @Override
    public void close() throws IOException {
        run("umount", "-l", folder.toString());
        Files.deleteIfExists(folder);
    }
}
