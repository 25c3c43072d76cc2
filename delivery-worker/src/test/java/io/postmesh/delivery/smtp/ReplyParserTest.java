package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.mail.SmtpReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    @Test
    void oneLine() throws ReplyParser.Garbage {
        assertThat(parse("250 2.1.0 Fine\r\n")).containsExactly(SmtpReply.of(250, "2.1.0 Fine"));
    }

    @Test
    void severalLinesAreOneReplyTheirCodesTakenOff() throws ReplyParser.Garbage {
        var reply =
                parse("550-5.7.1 Go\r\n550-5.7.1 away\r\n550 5.7.1 please\r\n").getFirst();
        assertThat(reply.lines()).containsExactly("Go", "away", "please");
        assertThat(reply.text()).isEqualTo("550 5.7.1 Go away please");
    }

    @Test
    void repliesFollowEachOther() throws ReplyParser.Garbage {
        assertThat(parse("250 a\r\n550 b\r\n354 c\r\n").stream().map(SmtpReply::code))
                .containsExactly(250, 550, 354);
    }

    @ParameterizedTest
    @ValueSource(strings = {"250\r\n", "250 \r\n", "250-\r\n250\r\n"})
    void aReplyMayHaveNoText(String text) throws ReplyParser.Garbage {
        assertThat(parse(text)).singleElement().extracting(SmtpReply::code).isEqualTo(250);
    }

    @Test
    void anEnhancedCodeOfAnotherClassIsText() throws ReplyParser.Garbage {
        assertThat(parse("550 2.0.0 odd\r\n").getFirst().text()).isEqualTo("550 2.0.0 odd");
    }

    @Test
    void aLoneLineFeedEndsNoLine() throws ReplyParser.Garbage {
        assertThat(parse("250 a\n550 b\r\n")).containsExactly(SmtpReply.of(250, "a?550 b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "25",
                "abc",
                "2x0 no",
                "150 early",
                "650 late",
                "250_no",
                "250fine",
                " 250 no",
                "-250",
                "999"
            })
    void whatHasNoCodeIsGarbage(String line) {
        assertThatThrownBy(() -> parse(line + "\r\n")).isInstanceOf(ReplyParser.Garbage.class);
    }

    @Test
    void whatHasNoEndIsGarbage() {
        assertThatThrownBy(() -> parse("250-x\r\n".repeat(1000))).isInstanceOf(ReplyParser.Garbage.class);
        assertThatThrownBy(() -> parse("250 " + "x".repeat(70_000))).isInstanceOf(ReplyParser.Garbage.class);
    }

    @Test
    void piecesMakeTheSameReplies() throws ReplyParser.Garbage {
        var text = "250-2.0.0 a\r\n250 2.0.0 b\r\n354 go\r\n550-x\r\n550-\r\n550 z\r\n".getBytes(UTF_8);
        var whole = parse(text, text.length);
        for (int size = 1; size < text.length; size++)
            assertThat(parse(text, size)).isEqualTo(whole);
    }

    @FuzzTest(maxDuration = "20s")
    void anythingIsReadOrRefused(FuzzedDataProvider data) {
        int piece = data.consumeInt(1, 100);
        readOrRefuse(data.consumeRemainingAsBytes(), piece);
    }

    @Test
    void twentyThousandMutationsAreReadOrRefused() {
        var random = new Random(3);
        var seed = "250-2.1.0 Fine\r\n250-PIPELINING\r\n250 SIZE 1000\r\n554 5.7.1 no\r\n".getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            var bytes = seed.clone();
            for (int j = random.nextInt(5); j >= 0; j--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            readOrRefuse(bytes, 1 + random.nextInt(bytes.length));
        }
    }

    // In pieces or whole it is the same; and no words of a remote can start a line anywhere else.
    private static void readOrRefuse(byte[] bytes, int piece) {
        List<SmtpReply> whole = null;
        try {
            whole = parse(bytes, bytes.length);
            assertThat(parse(bytes, piece)).isEqualTo(whole);
        } catch (ReplyParser.Garbage e) {
            if (whole != null) throw new AssertionError("whole it is fine, in pieces it is not", e);
            assertThatThrownBy(() -> parse(bytes, piece)).isInstanceOf(ReplyParser.Garbage.class);
            return;
        }
        for (var reply : whole) {
            assertThat(reply.text().chars()).noneMatch(c -> c < 0x20);
            assertThat(Extensions.parse(reply).size()).isNotNegative();
        }
    }

    private static List<SmtpReply> parse(String text) throws ReplyParser.Garbage {
        var bytes = text.getBytes(ISO_8859_1);
        return parse(bytes, Math.max(bytes.length, 1));
    }

    private static List<SmtpReply> parse(byte[] bytes, int piece) throws ReplyParser.Garbage {
        var parser = new ReplyParser();
        var out = new ArrayList<SmtpReply>();
        for (int i = 0; i < bytes.length; i += piece) {
            parser.feed(Arrays.copyOfRange(bytes, i, Math.min(i + piece, bytes.length)), out);
        }
        return out;
    }
}
