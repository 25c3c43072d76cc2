package io.postmesh.ingress.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScanTest {
    @Test
    void findsTheFirstCrLfOrNulWhereverItStands() {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            var bytes = new byte[random.nextInt(40)];
            // Mostly neighbours of the three: what a borrow in the arithmetic would mistake for them.
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(10) == 0 ? random.nextInt(16) : 1 + random.nextInt(255));
            }
            int from = random.nextInt(bytes.length + 1);
            assertThat(Scan.special(bytes, from, bytes.length)).isEqualTo(naive(bytes, from));
        }
    }

    private static int naive(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == 0) return i;
        return bytes.length;
    }
}
