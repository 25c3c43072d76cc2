package io.postmesh.ingress.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.ingress.Mutator;
import io.postmesh.ingress.wire.LineReader.Found;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineReaderTest {
    private static final List<String> SEEDS = List.of(
            "EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n",
            "\r\n\r\n",
            "NOOP\nRSET\r\n",
            "NOOP\rRSET\r\n",
            "NOOP " + "x".repeat(2040) + "\r\nQUIT\r\n",
            "NOOP " + "x".repeat(2050) + "\r\nQUIT\r\n");

    @Test
    void linesComeOutWholeHoweverTheyCome() {
        var text = "EHLO x\r\n\r\nNOOP\r\nQUIT\r\n";
        assertThat(whole(text)).containsExactly("EHLO x", "", "NOOP", "QUIT");
        for (int cut = 0; cut < text.length(); cut++) {
            assertThat(read(List.of(text.substring(0, cut), text.substring(cut))))
                    .containsExactly("EHLO x", "", "NOOP", "QUIT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\nQUIT\r\n", "NOOP\rQUIT\r\n", "NOOP\r\rQUIT", "\n", "\r\r\n"})
    void aBareCrOrLfIsNoLineEnd(String text) {
        assertThat(whole(text)).containsExactly("BARE");
        assertThat(byteWise(text)).containsExactly("BARE");
    }

    @Test
    void aLineOf2048OctetsFitsAndOneMoreDoesNot() {
        var fits = "x".repeat(2046);
        assertThat(whole(fits + "\r\n")).containsExactly(fits);
        assertThat(byteWise(fits + "\r\n")).containsExactly(fits);
        assertThat(whole(fits + "x\r\n")).containsExactly("TOO_LONG");
        assertThat(byteWise(fits + "x\r\n")).containsExactly("TOO_LONG");
        assertThat(byteWise("x".repeat(100_000))).containsExactly("TOO_LONG");
    }

    @Test
    void anyDamageIsReadTheSameByteByByte() {
        Mutator.each(SEEDS, LineReaderTest::isReadTheSame);
    }

    @FuzzTest(maxDuration = "2m")
    void segmentsDoNotMatter(byte[] input) {
        isReadTheSame(input);
    }

    private static void isReadTheSame(byte[] input) {
        var text = new String(input, ISO_8859_1);
        var lines = whole(text);
        assertThat(byteWise(text)).isEqualTo(lines);
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\r", "\n"));
    }

    private static List<String> whole(String text) {
        return read(List.of(text));
    }

    private static List<String> byteWise(String text) {
        return read(text.chars().mapToObj(c -> String.valueOf((char) c)).toList());
    }

    private static List<String> read(List<String> segments) {
        var reader = new LineReader();
        var lines = new ArrayList<String>();
        for (var segment : segments) {
            var bytes = segment.getBytes(ISO_8859_1);
            int at = 0;
            while (at < bytes.length) {
                var found = reader.read(bytes, at, bytes.length);
                at = reader.position();
                if (found == Found.LINE) lines.add(line(reader));
                else if (found != Found.NOTHING) {
                    lines.add(found.name());
                    return lines;
                }
            }
        }
        return lines;
    }

    private static String line(LineReader reader) {
        return new String(reader.line(), reader.offset(), reader.length(), ISO_8859_1);
    }
}
