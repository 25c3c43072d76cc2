package io.postmesh.runtime.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A file read in large pieces by [BlobReads]. Its buffer is nobody else's: a read that comes too late writes there.
final class PatientStream extends InputStream {
    private static final int PIECE = 128 * 1024;

    private final BlobReads reads;
    private final String key;
    private final InputStream file;
    private final byte[] piece = new byte[PIECE];
    private int at;
    private int end;
    private boolean broken;
    private boolean reading;
    private boolean closed;

    PatientStream(BlobReads reads, String key, InputStream file) {
        this.reads = reads;
        this.key = key;
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        return isFilled() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) return 0;
        if (!isFilled()) return -1;
        int count = Math.min(length, end - at);
        System.arraycopy(piece, at, to, offset, count);
        at += count;
        return count;
    }

    private boolean isFilled() throws IOException {
        if (at < end) return true;
        if (broken) throw new IOException("blob " + key + " could not be read");
        broken = true; // until it has answered
        int count = reads.within(key, this::fill, _ -> {});
        broken = false;
        at = 0;
        end = Math.max(count, 0);
        return count > 0;
    }

    private int fill() throws IOException {
        synchronized (this) {
            if (closed) return -1;
            reading = true;
        }
        try {
            return file.read(piece);
        } finally {
            readingEnds();
        }
    }

    private void readingEnds() {
        synchronized (this) {
            reading = false;
            if (!closed) return;
        }
        BlobReads.close(file);
    }

    /// A file whose read hangs is closed when that ends: to close it would wait for it.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
            if (reading) return;
        }
        BlobReads.close(file);
    }
}
