package io.postmesh.ingress.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks at eight octets at a time for the three that matter in content: CR, LF and NUL.
final class Scan {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Scan() {}

    /// Index of the first CR, LF or NUL in `bytes[from, to)`, or `to`.
    static int special(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long v = (long) LONG.get(bytes, i);
            long hits = zeros(v) | zeros(v ^ '\r' * ONES) | zeros(v ^ '\n' * ONES);
            // The lowest hit is exact; a borrow can only make false ones above it.
            if (hits != 0) return i + (Long.numberOfTrailingZeros(hits) >>> 3);
        }
        for (; i < to; i++) {
            byte b = bytes[i];
            if (b == '\r' || b == '\n' || b == 0) return i;
        }
        return to;
    }

    private static long zeros(long v) {
        return v - ONES & ~v & HIGHS;
    }
}
