package io.postmesh.ingress.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkbenchTest {
    private static final byte[] BODY =
            "Dear Ann,\r\nplease pay 1000 EUR until Monday.\r\n".repeat(30).getBytes(StandardCharsets.US_ASCII);

    private static final byte[] UNREADABLE = new byte[0];

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aBitThatTurnsInABodyCompressedInOneGoNeverGivesAnotherBody() {
        var out = new byte[BODY.length];
        int length = bench.compress(BODY, BODY.length, out);
        eachBitTurned(Arrays.copyOf(out, length));
    }

    @Test
    void aBitThatTurnsInAStreamedBodyNeverGivesAnotherBody() {
        eachBitTurned(streamed());
    }

    /// What a context forgets when it is used again was the checksum.
    @Test
    void norInOneOfAStreamThatWasUsedBefore() {
        streamed();
        eachBitTurned(streamed());
    }

    private byte[] streamed() {
        var stream = bench.stream();
        var to = new ByteArrayOutputStream();
        stream.write(BODY, 0, BODY.length, to);
        stream.finish(to);
        bench.giveBack(stream);
        return to.toByteArray();
    }

    private static void eachBitTurned(byte[] frame) {
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            var turned = frame.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(read(turned)).as("bit %d", bit).isIn(BODY, UNREADABLE);
        }
    }

    private static byte[] read(byte[] frame) {
        try (var in = new ZstdInputStream(new ByteArrayInputStream(frame))) {
            return in.readAllBytes();
        } catch (IOException e) {
            return UNREADABLE;
        }
    }
}
