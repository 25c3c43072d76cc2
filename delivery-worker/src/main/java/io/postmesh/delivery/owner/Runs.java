package io.postmesh.delivery.owner;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Runs of open and finished offsets above the low watermark, in turn, each a length in 7-bit groups; 2 kB at most
/// (LEDGER L11). What does not fit is left out and counts as not finished: the dedupe memory catches it.
///
/// @param bytes lengths, the first one of an open run
/// @param span  offsets covered
/// @param whole everything fitted
record Runs(byte[] bytes, long span, boolean whole) {
    static final int MAX_BYTES = 2_048;

    /// No honest owner is further ahead of its oldest open record; a larger span would be somebody's forgery.
    static final long MAX_SPAN = 1 << 24;

    static final Runs NONE = new Runs(new byte[0], 0, true);

    interface Range {
        void take(long from, long to);
    }

    /// Calls with ranges relative to the low watermark.
    void forEachOpen(Range open) {
        var in = ByteBuffer.wrap(bytes);
        long at = 0;
        while (in.hasRemaining()) {
            long length = length(in);
            open.take(at, at + length);
            at += length + length(in);
        }
    }

    /// Empty when the bytes were not written by [Builder].
    static Optional<Runs> read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) return Optional.empty();
        var in = ByteBuffer.wrap(bytes);
        long span = 0;
        for (int runs = 0; in.hasRemaining() || runs % 2 == 1; runs++) {
            long length = in.hasRemaining() ? length(in) : -1;
            if (length < 0 || length > MAX_SPAN || length == 0 && runs % 2 == 0) return Optional.empty();
            span += length;
            if (span > MAX_SPAN) return Optional.empty();
        }
        return Optional.of(new Runs(bytes, span, true));
    }

    // A length of at most five groups, or -1.
    private static long length(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 35 && in.hasRemaining(); shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) return value;
        }
        return -1;
    }

    /// Collects runs until there is no more room.
    static final class Builder {
        private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        private long span;
        private boolean whole = true;

        /// @return false when the pair did not fit; the list ends before it
        boolean add(long open, long finished) {
            int mark = out.position();
            if (span + open + finished <= MAX_SPAN && put(open) && put(finished)) {
                span += open + finished;
                return true;
            }
            out.position(mark);
            whole = false;
            return false;
        }

        Runs build() {
            var bytes = new byte[out.position()];
            out.flip().get(bytes);
            return new Runs(bytes, span, whole);
        }

        private boolean put(long length) {
            long rest = length;
            while (out.hasRemaining()) {
                boolean last = rest < 0x80;
                out.put((byte) (last ? rest : rest & 0x7f | 0x80));
                if (last) return true;
                rest >>>= 7;
            }
            return false;
        }
    }
}
