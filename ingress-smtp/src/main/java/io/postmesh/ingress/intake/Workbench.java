package io.postmesh.ingress.intake;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.ArrayDeque;

/// What the messages of one event loop share: a compressor and scratch arrays. Not thread-safe, on purpose.
final class Workbench implements AutoCloseable {
    /// Level 1 compresses mail nearly as well as 3, at twice the speed.
    private static final int LEVEL = 1;

    private static final int SMALLEST = 16 * 1024;
    private static final int LARGEST = 128 * 1024;
    private static final int KEPT = 32;

    private final ArrayDeque<byte[]>[] arrays;
    private final ArrayDeque<ZstdStream> streams = new ArrayDeque<>();
    private final ZstdCompressCtx compressor = prepared(new ZstdCompressCtx()).setContentSize(true);
    private boolean closed;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Workbench() {
        arrays = new ArrayDeque[sizeClass(LARGEST) + 1];
        for (int i = 0; i < arrays.length; i++) arrays[i] = new ArrayDeque<>();
    }

    /// A disk that turns a bit is found out by the checksum: without it, another mail of the same length would go out.
    static ZstdCompressCtx prepared(ZstdCompressCtx compressor) {
        return compressor.setLevel(LEVEL).setChecksum(true);
    }

    /// Compresses in one go; returns the length in `out`, or -1 when it would not get smaller.
    int compress(byte[] in, int length, byte[] out) {
        if (length == 0) return -1;
        try {
            int size = compressor.compressByteArray(out, 0, out.length, in, 0, length);
            return size < length ? size : -1;
        } catch (ZstdException e) {
            return -1; // `out` is as long as `in`: what does not fit is not worth it
        }
    }

    /// An array of at least `size` octets, at most [#LARGEST]; its content is anything.
    byte[] array(int size) {
        int index = sizeClass(size);
        var kept = arrays[index].poll();
        return kept != null ? kept : new byte[SMALLEST << index];
    }

    void giveBack(byte[] array) {
        var kept = arrays[sizeClass(array.length)];
        if (kept.size() < KEPT) kept.push(array);
    }

    ZstdStream stream() {
        var kept = streams.poll();
        return kept != null ? kept : new ZstdStream(new ZstdCompressCtx());
    }

    void giveBack(ZstdStream stream) {
        stream.reset();
        if (closed || streams.size() == KEPT) stream.close();
        else streams.push(stream);
    }

    private static int sizeClass(int size) {
        int index = 0;
        while (SMALLEST << index < size) index++;
        return index;
    }

    @Override
    public void close() {
        closed = true;
        compressor.close();
        streams.forEach(ZstdStream::close);
    }
}
