package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Slice;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StuffingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a~          | a~.~",
                "a           | a~.~",
                ".           | ..~.~",
                ".~          | ..~.~",
                "..~a.b~     | ...~a.b~.~",
                "a~.b~.~..c~ | a~..b~..~...c~.~",
                "~~          | ~~.~",
                "a/.b/       | a~..b~.~",
                "a%.b%       | a~..b~.~",
                "a/%b        | a~~b~.~",
                "a//.%c      | a~~..~c~.~",
                "%%/         | ~~.~",
                "a%          | a~.~",
                "a.~b        | a.~b~.~"
            })
    void dotsAreDoubledAndNoLineEndStandsAlone(String text, String wire) {
        var bytes = octets(text);
        for (int piece = 1; piece <= bytes.length; piece++)
            assertThat(stuffed(bytes, piece)).isEqualTo(octets(wire));
    }

    @Test
    void emptyContentIsJustADot() {
        assertThat(stuffed(new byte[0], 1)).isEqualTo(octets(".~"));
    }

    @Test
    void itAgreesWithTheNaiveForm() {
        var random = new Random(5);
        var alphabet = "\r\n..ab\u00e9\0";
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(40)];
            for (int j = 0; j < bytes.length; j++) bytes[j] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            assertThat(stuffed(bytes, 1 + random.nextInt(40))).isEqualTo(naive(bytes));
        }
    }

    private static byte[] naive(byte[] bytes) {
        var text = new String(bytes, ISO_8859_1).replace("\r\n", "\n").replace("\r", "\n");
        if (!text.isEmpty() && !text.endsWith("\n")) text += "\n";
        if (text.startsWith(".")) text = "." + text;
        return (text.replace("\n.", "\n..") + ".\n").replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] stuffed(byte[] bytes, int piece) {
        var stuffing = new Stuffing(8);
        var out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i += piece) {
            stuffing.add(new Slice(bytes, i, Math.min(piece, bytes.length - i)));
            if (i % 3 == 0) out.writeBytes(stuffing.take().toBytes());
        }
        stuffing.addEnd();
        out.writeBytes(stuffing.take().toBytes());
        return out.toByteArray();
    }

    // ~ is CR LF, / is LF, % is CR.
    private static byte[] octets(String text) {
        return text.replace("~", "\r\n").replace('/', '\n').replace('%', '\r').getBytes(ISO_8859_1);
    }
}
