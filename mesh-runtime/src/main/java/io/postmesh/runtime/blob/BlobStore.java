package io.postmesh.runtime.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Bytes under a key. A key names bytes that survive a power cut; they never change.
public interface BlobStore {

    /// Longer than any client takes over one message: what is unfinished for so long is nobody's any more, what is
    /// younger may be another process's.
    Duration ABANDONED = Duration.ofDays(1);

    /// The name of what [#mark] writes, beside the blobs.
    String MARK = "store-id";

    /// Which store this is, wherever it is mounted and whatever it is called there. Empty: nobody has marked it yet.
    Optional<BlobMark> mark() throws IOException;

    /// Marks it, durably, unless somebody has; a mark that names no mesh is given this one's.
    ///
    /// @return what it is marked with now
    BlobMark mark(BlobMark mark) throws IOException;

    /// Asked before blobs are removed: another store may have been mounted in the place of this one.
    ///
    /// @throws IOException with a sentence for the operator when it is not the one whose mark was read first
    void confirm() throws IOException;

    /// One blob on its way in. Closing without [#commit] leaves nothing behind.
    interface Writer extends AutoCloseable {
        void write(byte[] bytes, int offset, int length) throws IOException;

        /// Returns when the bytes are durable; the key may then go into a record.
        String commit() throws IOException;

        void abort();

        @Override
        default void close() {
            abort();
        }
    }

    /// A stored blob, for mark and sweep.
    record Stored(String key, long bytes, Instant since) {}

    Writer create() throws IOException;

    InputStream open(String key) throws MissingBlob, IOException;

    /// Deleting what is not there is no error.
    void delete(String key) throws IOException;

    /// Where blobs are written when that is a folder, so that its disk can be looked after.
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /// Everything stored; the caller closes the stream.
    Stream<Stored> list() throws IOException;
}
