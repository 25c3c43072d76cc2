package io.postmesh.ingress.intake;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// One zstd frame written piece by piece, for bodies that are not held in memory.
final class ZstdStream implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final ZstdCompressCtx compressor;
    private final ByteBuffer in = ByteBuffer.allocateDirect(PIECE);
    private final ByteBuffer out = ByteBuffer.allocateDirect(PIECE);
    private final byte[] copy = new byte[PIECE];

    ZstdStream(ZstdCompressCtx compressor) {
        this.compressor = Workbench.prepared(compressor);
    }

    void write(byte[] bytes, int offset, int length, ByteArrayOutputStream to) {
        int at = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, PIECE);
            in.clear().put(bytes, at, count).flip();
            while (in.hasRemaining()) run(EndDirective.CONTINUE, to);
            at += count;
            left -= count;
        }
    }

    void finish(ByteArrayOutputStream to) {
        in.clear().flip();
        while (!run(EndDirective.END, to)) {}
    }

    private boolean run(EndDirective directive, ByteArrayOutputStream to) {
        out.clear();
        boolean done = compressor.compressDirectByteBufferStream(out, in, directive);
        out.flip();
        int count = out.remaining();
        out.get(copy, 0, count);
        to.write(copy, 0, count);
        return done;
    }

    void reset() {
        compressor.reset(); // the settings, too
        Workbench.prepared(compressor);
    }

    @Override
    public void close() {
        compressor.close();
    }
}
