package io.postmesh.ingress.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.ingress.Mutator;
import io.postmesh.ingress.wire.DotReader.Outcome;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DotReaderTest {
    private static final List<String> SEEDS = List.of(
            "Subject: hello\r\n\r\nsome text\r\nmore of it\r\n.\r\nRSET\r\n",
            ".\r\n",
            "..\r\n.a\r\n...\r\n.\r\n",
            "a\r\n\r\n\r\n.\r\n.\r\n",
            "eight bits \u00e9\u00ff and a very long line " + "x".repeat(300) + "\r\n.\r\n",
            "a\n.\nb\r\n.\r\n",
            "a\r.\rb\r\n.\r\r\n.\r\n");

    private record Read(Outcome outcome, String content, int consumed, boolean nul, int longest) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a$.$|a$", //
                ".$|~~",
                "..$.$|.$",
                ".hidden$.$|hidden$",
                "a$..b$...$.$|a$.b$..$",
                "$$.$|$$",
                "a. .$.$|a. .$",
                "a$. $.$|a$ $",
            })
    void undoesDotStuffingAndEndsAtTheDot(String sent, String content) {
        var read = whole(crlf(sent) + "RSET\r\n");
        assertThat(read.outcome()).isEqualTo(Outcome.END);
        assertThat(read.content()).isEqualTo(crlf(content));
        assertThat(read.consumed()).isEqualTo(crlf(sent).length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n.\n",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r",
                "\r.\n",
                "\n.\r",
                "\r.\r\n",
                "\r\n.\r",
                "\r\n.\r\r\n",
                "\r\r\n.\r\r\n",
                "x\ny",
                "x\ry",
                "\r\r\n"
            })
    void aBareCrOrLfIsFoundWhereItStandsHoweverTheBytesCome(String ending) {
        var sent = "text" + ending + "MAIL FROM:<smuggled@own.test>\r\n.\r\n";
        assertThat(whole(sent).outcome()).isEqualTo(Outcome.BARE);
        assertThat(byteWise(sent).outcome()).isEqualTo(Outcome.BARE);
    }

    @Test
    void aNulIsNoticedAndEndsNothing() {
        var read = whole("a\r\n\0.\r\nb\r\n.\r\n");
        assertThat(read.outcome()).isEqualTo(Outcome.END);
        assertThat(read.nul()).isTrue();
        assertThat(read.content()).isEqualTo("a\r\n\0.\r\nb\r\n");
    }

    @Test
    void theLongestLineIsCountedWithoutItsEnd() {
        assertThat(whole("12345\r\n123456789\r\n1\r\n.\r\n").longest()).isEqualTo(9);
        assertThat(byteWise("x".repeat(999) + "\r\n\r\n.\r\n").longest()).isEqualTo(999);
    }

    @Test
    void everyCutOfACorrectMessageGivesTheSameMessage() {
        var sent = "Subject: x\r\n\r\n..dots\r\n...\r\n" + "y".repeat(40) + "\r\n.\r\nQUIT\r\n";
        var expected = whole(sent);
        for (int first = 0; first <= sent.length(); first++) {
            for (int second = first; second <= sent.length(); second++) {
                assertThat(inPieces(sent, first, second)).isEqualTo(expected);
            }
        }
    }

    @Test
    void anyDamageIsReadAsTheNaiveReaderReadsIt() {
        var random = new Random(7);
        Mutator.each(SEEDS, input -> agreesWithNaive(input, random));
    }

    @FuzzTest(maxDuration = "2m")
    void agreesWithTheNaiveReader(byte[] input) {
        agreesWithNaive(input, new Random(input.length));
    }

    private static void agreesWithNaive(byte[] input, Random random) {
        var text = new String(input, ISO_8859_1);
        var expected = NaiveDotReader.read(text);
        var whole = whole(text);
        assertThat(whole.outcome()).isEqualTo(expected.outcome());
        assertThat(byteWise(text)).isEqualTo(whole);
        int cut = input.length == 0 ? 0 : random.nextInt(input.length);
        assertThat(inPieces(text, cut, Math.min(input.length, cut + 9))).isEqualTo(whole);
        if (expected.outcome() == Outcome.END) {
            assertThat(whole.content()).isEqualTo(expected.content());
            assertThat(whole.consumed()).isEqualTo(expected.consumed());
            assertThat(whole.nul()).isEqualTo(expected.content().indexOf('\0') >= 0);
        } else {
            assertThat(whole.content()).startsWith(expected.content());
        }
    }

    private static Read whole(String sent) {
        return inPieces(sent, sent.length(), sent.length());
    }

    private static Read inPieces(String sent, int first, int second) {
        return read(List.of(sent.substring(0, first), sent.substring(first, second), sent.substring(second)));
    }

    private static Read byteWise(String sent) {
        return read(sent.chars().mapToObj(c -> String.valueOf((char) c)).toList());
    }

    private static Read read(List<String> pieces) {
        var content = new ByteArrayOutputStream();
        var reader = new DotReader(content::write);
        var outcome = Outcome.MORE;
        int consumed = 0;
        for (var piece : pieces) {
            if (outcome != Outcome.MORE) break;
            // Somewhere in the middle of an array, as Netty's buffers are.
            var bytes = ("##" + piece + "##").getBytes(ISO_8859_1);
            outcome = reader.read(bytes, 2, bytes.length - 2);
            consumed += reader.position() - 2;
        }
        return new Read(outcome, content.toString(ISO_8859_1), consumed, reader.hasNul(), reader.longestLine());
    }

    private static String crlf(String text) {
        return text.replace("$", "\r\n");
    }
}
