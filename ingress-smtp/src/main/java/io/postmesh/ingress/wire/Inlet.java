package io.postmesh.ingress.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;

/// What came from a client and is not read yet. While some of it has to wait the socket is paused, so a client can make
/// us hold one segment, not more.
final class Inlet {
    private static final byte[] NO_BYTES = {};

    private final NetSocket socket;
    private byte[] segment = NO_BYTES;
    private int at;
    private int end;
    private boolean paused;
    private boolean over;

    Inlet(NetSocket socket) {
        this.socket = socket;
    }

    // Vert.x hands over heap buffers: their array is read in place.
    void take(Buffer buffer) {
        over |= isEnd(buffer);
        var bytes = ((BufferInternal) buffer).getByteBuf();
        boolean inPlace = bytes.hasArray();
        byte[] array = inPlace ? bytes.array() : buffer.getBytes();
        int from = inPlace ? bytes.arrayOffset() + bytes.readerIndex() : 0;
        int count = bytes.readableBytes();
        if (isEmpty()) hold(array, from, from + count);
        else append(array, from, count);
    }

    private void append(byte[] array, int from, int count) {
        int left = end - at;
        var joined = new byte[left + count];
        System.arraycopy(segment, at, joined, 0, left);
        System.arraycopy(array, from, joined, left, count);
        hold(joined, 0, joined.length);
    }

    private void hold(byte[] bytes, int from, int to) {
        segment = bytes;
        at = from;
        end = to;
    }

    /// The client will say nothing more; see [HalfClose].
    static boolean isEnd(Buffer buffer) {
        return buffer.length() == 0;
    }

    /// All that was ever sent is read.
    boolean isOver() {
        return over && isEmpty();
    }

    boolean isEmpty() {
        return at == end;
    }

    /// What is not read yet is in `segment[at, end)`; [#readTo] says how far one got.
    byte[] segment() {
        return segment;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    void readTo(int position) {
        at = position;
    }

    /// Reads on when all is read; until then nothing more comes in.
    void balance() {
        if (isEmpty()) open();
        else pause();
    }

    /// Forgets what is here; what comes in is no longer kept.
    void discard() {
        hold(NO_BYTES, 0, 0);
        open();
    }

    private void pause() {
        if (!paused) socket.pause();
        paused = true;
    }

    private void open() {
        if (!paused) return;
        paused = false;
        socket.resume();
    }
}
