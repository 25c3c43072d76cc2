package io.postmesh.delivery.smtp;

import io.postmesh.contract.Slice;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.runtime.blob.DamagedBlob;
import java.io.IOException;
import java.io.InputStream;

/// The content of a mail on its way out: whole in one write when it is small, else block by block.
sealed interface Letter {
    int BLOCK = 64 * 1024;

    /// Above this, memory is worth more than writes: it is the size up to which bodies travel inside records, too.
    int SMALL = 128 * 1024;

    /// Stuffed, with its dot.
    record Whole(Slice wire) implements Letter {}

    /// Opened when its turn comes.
    record Flowing(Job job) implements Letter {}

    static Letter of(Job job) throws IOException {
        long size = job.headers().length() + job.envelope().content().body().size();
        return size <= SMALL ? whole(job, (int) size) : new Flowing(job);
    }

    private static Letter whole(Job job, int size) throws IOException {
        var stuffing = new Stuffing(size + size / 64 + 16);
        try (var pages = new Pages(job)) {
            for (var page = pages.next(); page.length() > 0; page = pages.next()) stuffing.add(page);
        }
        stuffing.addEnd();
        return new Whole(stuffing.take());
    }

    /// The bytes as stored: headers, then the body, and never fewer or more than the envelope says.
    final class Pages implements AutoCloseable {
        private final InputStream body;
        private final byte[] block;
        private long left;
        private Slice headers;

        Pages(Job job) throws IOException {
            headers = job.headers();
            left = job.envelope().content().body().size();
            block = new byte[Math.clamp(left, 1, BLOCK)];
            body = job.body().open();
        }

        /// The next bytes, good until the next call; empty at the end.
        Slice next() throws IOException {
            if (headers.length() > 0) {
                var first = headers;
                headers = Slice.EMPTY;
                return first;
            }
            int read = body.readNBytes(block, 0, block.length);
            left -= read;
            if (left < 0 || read == 0 && left > 0) throw new DamagedBlob("the body is not as long as it was", null);
            return new Slice(block, 0, read);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
