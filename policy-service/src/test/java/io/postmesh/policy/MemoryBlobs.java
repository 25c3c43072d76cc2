package io.postmesh.policy;

import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Blobs in memory, named in the order of their coming.
final class MemoryBlobs implements BlobStore {
    final Map<String, byte[]> stored = new ConcurrentHashMap<>();

    @Override
    public Writer create() {
        var bytes = new ByteArrayOutputStream();
        return new Writer() {
            @Override
            public void write(byte[] some, int offset, int length) {
                bytes.write(some, offset, length);
            }

            @Override
            public String commit() {
                var key = "blob-" + (stored.size() + 1);
                stored.put(key, bytes.toByteArray());
                return key;
            }

            @Override
            public void abort() {}
        };
    }

    @Override
    public Optional<BlobMark> mark() {
        return Optional.empty();
    }

    @Override
    public BlobMark mark(BlobMark mark) {
        throw new UnsupportedOperationException("no mesh shares it");
    }

    @Override
    public void confirm() {}

    @Override
    public InputStream open(String key) throws MissingBlob {
        var bytes = stored.get(key);
        if (bytes == null) throw new MissingBlob(key);
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void delete(String key) {
        stored.remove(key);
    }

    @Override
    public Stream<Stored> list() {
        return stored.entrySet().stream().map(e -> new Stored(e.getKey(), e.getValue().length, Instant.EPOCH));
    }
}
