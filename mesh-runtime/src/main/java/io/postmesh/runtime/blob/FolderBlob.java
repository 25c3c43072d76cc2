package io.postmesh.runtime.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A blob while it is being written.
final class FolderBlob implements BlobStore.Writer {
    private static final Logger log = LoggerFactory.getLogger(FolderBlob.class);

    private final FolderBlobStore store;
    private final String key;
    private final Path part;
    private final FileChannel channel;

    FolderBlob(FolderBlobStore store, String key, Path part, FileChannel channel) {
        this.store = store;
        this.key = key;
        this.part = part;
        this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    @Override
    public String commit() throws IOException {
        channel.force(true);
        channel.close();
        store.keep(key, part);
        return key;
    }

    /// After [#commit] there is nothing left to undo.
    @Override
    public void abort() {
        try {
            channel.close();
            Files.deleteIfExists(part);
        } catch (IOException e) {
            log.warn("blob {} was not removed, it goes at the next start after a day: {}", key, e.toString());
        }
    }
}
