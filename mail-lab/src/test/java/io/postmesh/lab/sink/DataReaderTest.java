package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DataReaderTest {
    private static final String ALPHABET = "\r\n\r\n..ab";

    @Test
    void findsTheEndWhereTheDefinitionSaysForAnyOctetsInAnySlices() throws IOException {
        var random = new Random(5321);
        for (int round = 0; round < 20_000; round++) {
            var sent = randomOctets(random);
            // RFC 5321 §4.1.1.4: the CR LF that ends the reply to DATA counts as the first one.
            int end = ("\r\n" + sent).indexOf("\r\n.\r\n");
            var data = new DataReader(true, 1_000_000).read(new Wire(new Sliced(sent, random)));
            assertThat(data == null ? -1 : data.octets()).as(sent).isEqualTo(end);
            if (data != null) assertThat(new String(data.wire(), ISO_8859_1)).isEqualTo(sent.substring(0, end));
        }
    }

    private static String randomOctets(Random random) {
        var out = new StringBuilder();
        for (int i = random.nextInt(60); i >= 0; i--) out.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        return out.toString();
    }

    /// A socket whose octets arrive in random slices.
    private static final class Sliced extends Socket {
        private final byte[] octets;
        private final Random random;
        private int at;

        Sliced(String text, Random random) {
            this.octets = text.getBytes(ISO_8859_1);
            this.random = random;
        }

        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public OutputStream getOutputStream() {
            return new ByteArrayOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() {
                    return at < octets.length ? octets[at++] : -1;
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    int count = Math.min(length, Math.min(octets.length - at, 1 + random.nextInt(7)));
                    System.arraycopy(octets, at, into, from, count);
                    at += count;
                    return count == 0 ? -1 : count;
                }
            };
        }
    }
}
