package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Lines that are on the disk when [#write] returns; sessions that write at the same time share one fsync.
final class Ledger implements AutoCloseable {
    private final FileChannel file;
    private StringBuilder waiting = new StringBuilder();
    private long written;
    private long synced;
    private boolean syncing;

    private Ledger(FileChannel file) {
        this.file = file;
    }

    static Ledger open(Path path) {
        try {
            return new Ledger(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String line) throws IOException, InterruptedException {
        long mine;
        synchronized (this) {
            waiting.append(line).append('\n');
            mine = ++written;
        }
        while (!isSynced(mine)) syncOrWait(mine);
    }

    private synchronized boolean isSynced(long line) {
        return synced >= line;
    }

    private void syncOrWait(long mine) throws IOException, InterruptedException {
        String lines;
        long upTo;
        synchronized (this) {
            if (syncing) {
                while (syncing && synced < mine) wait();
                return;
            }
            syncing = true;
            lines = waiting.toString();
            waiting = new StringBuilder();
            upTo = written;
        }
        try {
            sync(lines);
        } finally {
            finished(upTo);
        }
    }

    private void sync(String lines) throws IOException {
        var octets = ByteBuffer.wrap(lines.getBytes(UTF_8));
        while (octets.hasRemaining()) file.write(octets);
        file.force(false);
    }

    private synchronized void finished(long upTo) {
        synced = upTo;
        syncing = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
