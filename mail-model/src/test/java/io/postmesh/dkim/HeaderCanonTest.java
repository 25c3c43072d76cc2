package io.postmesh.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.contract.Slice;
import io.postmesh.message.BadHeader;
import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeaderCanonTest {
    @Test
    void theExampleOfTheStandardHasThisForm() throws BadHeader { // §3.4.5
        assertThat(canon("A: X\r\n")).isEqualTo("a:X");
        assertThat(canon("B : Y\t\r\n\tZ  \r\n")).isEqualTo("b:Y Z");
    }

    @Test
    void aFieldWithoutValueIsNameAndColon() throws BadHeader {
        assertThat(canon("Subject:\r\n")).isEqualTo("subject:");
        assertThat(canon("Subject: \r\n \t\r\n")).isEqualTo("subject:");
    }

    @Test
    void octetsAboveAsciiAndControlsStay() throws BadHeader {
        assertThat(canon("Subject:\t\u00c3\u00a9 \u0001\u007f\r\n")).isEqualTo("subject:\u00c3\u00a9 \u0001\u007f");
    }

    @Test
    void itIsTheNaiveFormAndNeverLongerThanTheField() throws BadHeader {
        var random = new SplittableRandom(3);
        var alphabet = "a: \tB\u00e9";
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder("X-Field").append(random.nextBoolean() ? " \t:" : ":");
            for (int n = random.nextInt(30); n > 0; n--) {
                if (random.nextInt(6) == 0) text.append("\r\n ");
                else text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.append("\r\n");
            assertThat(canon(text.toString())).isEqualTo(naive(text.toString()));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyFieldHasTheNaiveForm(byte[] data) {
        try {
            for (var field : Headers.scan(Slice.of(data)).fields()) {
                var raw = new String(field.raw().toBytes(), ISO_8859_1);
                assertThat(canon(field)).isEqualTo(naive(raw));
            }
        } catch (BadHeader e) {
            assertThat(e.getMessage()).isASCII();
        }
    }

    private static String naive(String field) {
        int colon = field.indexOf(':');
        var name = field.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
        var value = field.substring(colon + 1).replace("\r\n", "").replaceAll("[ \t]+", " ");
        return name + ":" + value.replaceAll("^ | $", "");
    }

    private static String canon(String text) throws BadHeader {
        return canon(Headers.scan(Slice.of(text.getBytes(ISO_8859_1))).fields().getFirst());
    }

    private static String canon(HeaderField field) {
        var out = new byte[field.raw().length() + 1];
        int end = HeaderCanon.relaxed(field, out, 1);
        return new String(out, 1, end - 1, ISO_8859_1);
    }
}
