package io.postmesh.ingress.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The file system that large bodies are written to. One that hangs, as a network's may, is asked by a thread nobody
/// waits for, and not again before it has answered.
final class FolderDisk implements Question {
    private static final Duration DEADLINE = Duration.ofSeconds(4);
    private static final String SOURCE = "blobs";

    private final Path folder;
    private @Nullable FutureTask<Disk> asked;

    FolderDisk(Path folder) {
        this.folder = folder;
    }

    @Override
    public Answers ask() throws IOException {
        var answer = asked == null ? begin() : asked;
        asked = answer;
        try {
            var disk = answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            asked = null;
            return new Answers(Map.of(SOURCE, List.of(disk)), Set.of());
        } catch (TimeoutException e) {
            throw new IOException("the file system of " + folder + " does not answer", e);
        } catch (ExecutionException e) {
            asked = null;
            throw new IOException("the file system of " + folder + " cannot be asked: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking about " + folder, e);
        }
    }

    private FutureTask<Disk> begin() {
        var task = new FutureTask<>(this::look);
        Thread.ofPlatform().daemon().name("space-blobs").start(task);
        return task;
    }

    private Disk look() throws IOException {
        var files = Files.getFileStore(folder);
        return new Disk("blobs " + folder, Disk.Use.BLOBS, files.getTotalSpace(), files.getUsableSpace());
    }

    @Override
    public boolean isOfKafka() {
        return false;
    }

    @Override
    public void close() {}
}
