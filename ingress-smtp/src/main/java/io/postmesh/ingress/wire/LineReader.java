package io.postmesh.ingress.wire;

import java.util.Arrays;

/// Cuts commands out of segments, however these are cut. A line is found in place; only one that is split over segments
/// is copied.
final class LineReader {
    /// RFC 5321 §4.5.3.1.4 says 512, extensions add to it; 2048 is Postfix' `line_length_limit`.
    static final int MAX_LINE = 2048;

    enum Found {
        /// The segment is used up.
        NOTHING,
        LINE,
        /// A CR without LF, or a LF without CR: nobody can say where the next command begins.
        BARE,
        TOO_LONG
    }

    private static final byte[] NONE = {};

    private byte[] partial = NONE;
    private int held;

    private byte[] line = NONE;
    private int offset;
    private int length;
    private int position;

    /// Looks for the end of a line in `bytes[from, to)`; [#position] then says how far it got.
    Found read(byte[] bytes, int from, int to) {
        return held > 0 ? readOn(bytes, from, to) : readFresh(bytes, from, to);
    }

    private Found readFresh(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '\n') return stop(i, Found.BARE);
            if (i - from >= MAX_LINE) return stop(i, Found.TOO_LONG);
            if (b != '\r') continue;
            if (i + 1 == to) break;
            if (bytes[i + 1] != '\n') return stop(i, Found.BARE);
            if (i + 2 - from > MAX_LINE) return stop(i, Found.TOO_LONG);
            return found(bytes, from, i - from, i + 2);
        }
        if (to > from) hold(bytes, from, to - from);
        return stop(to, Found.NOTHING);
    }

    private Found readOn(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean afterCr = partial[held - 1] == '\r';
            if (afterCr != (b == '\n')) return stop(i, Found.BARE);
            if (held == MAX_LINE) return stop(i, Found.TOO_LONG);
            if (afterCr) {
                int lineLength = held - 1;
                held = 0;
                return found(partial, 0, lineLength, i + 1);
            }
            if (held == partial.length) partial = Arrays.copyOf(partial, Math.min(MAX_LINE, held * 2));
            partial[held++] = b;
        }
        return stop(to, Found.NOTHING);
    }

    private void hold(byte[] bytes, int from, int count) {
        if (partial.length < count) partial = new byte[Math.max(128, count)];
        System.arraycopy(bytes, from, partial, 0, count);
        held = count;
    }

    private Found found(byte[] bytes, int at, int count, int next) {
        line = bytes;
        offset = at;
        length = count;
        return stop(next, Found.LINE);
    }

    private Found stop(int at, Found result) {
        position = at;
        return result;
    }

    int position() {
        return position;
    }

    /// The array the line is in; valid until the next [#read].
    byte[] line() {
        return line;
    }

    int offset() {
        return offset;
    }

    /// Without CR LF.
    int length() {
        return length;
    }
}
