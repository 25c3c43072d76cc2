package io.postmesh.ingress.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Whether some octet is above 127: such a message needs 8BITMIME at the next hop (RFC 6152).
final class HighBit {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHS = 0x8080808080808080L;

    private HighBit() {}

    static boolean isIn(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        long seen = 0;
        for (; i + 8 <= end; i += 8) seen |= (long) LONG.get(bytes, i);
        for (; i < end; i++) seen |= bytes[i]; // a negative byte widens with its sign
        return (seen & HIGHS) != 0;
    }
}
