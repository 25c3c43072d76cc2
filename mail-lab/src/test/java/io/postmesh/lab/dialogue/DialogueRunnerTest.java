package io.postmesh.lab.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.lab.sink.SmtpSink;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialogueRunnerTest {
    @Test
    void aWrongReplyIsNamedWithFileAndLine() {
        assertThatThrownBy(() -> play("# one\nS: 220 *\n\nC: MAIL FROM:<a@b.test>\nS: 250 2.1.0 *"))
                .isInstanceOf(DialogueFailure.class)
                .hasMessageContaining("greeting.smtp:5: expected `250 2.1.0 *`, but the server said `503 5.5.1 ")
                .hasMessageContaining("C: MAIL FROM:<a@b.test>\\r\\n");
    }

    @Test
    void repliesAreMatchedByTheirLastLineAndSearchedForOthers() {
        play("S: 220 *\nC: EHLO c\nS: 250-8BITMIME\nS! *STARTTLS*\nS: 250 SIZE *");
        assertThatThrownBy(() -> play("S: 220 *\nC: EHLO c\nS: 250-NOTHING\nS: 250 *"))
                .hasMessageContaining(":4: no line of the reply matches `250-NOTHING`");
        assertThatThrownBy(() -> play("S: 220 *\nC: EHLO c\nS! *8BITMIME*\nS: 250 *"))
                .hasMessageContaining("none should");
    }

    @Test
    void aServerThatSaysTooMuchOrTooLittleFails() {
        assertThatThrownBy(() -> play("S: 220 *\nR: \"NOOP\\r\\nNOOP\\r\\n\"\nS: 250 *"))
                .hasMessageContaining("said more than the dialogue");
        assertThatThrownBy(() -> play("S: 220 *\nS: 220 *")).hasMessageContaining("said nothing for");
        assertThatThrownBy(() -> play("S: 220 *\nC: NOOP\nCLOSED"))
                .hasMessageContaining("expected the server to close");
        assertThatThrownBy(() -> play("S: 220 *\nC: QUIT\nS: 221 *\nS: 250 *")).hasMessageContaining("server closed");
    }

    @Test
    void aMistakeInAFileIsNamedWithItsLine() {
        assertThatThrownBy(() -> Dialogue.parse("x.smtp", "S: 220 *\nWAIT 5"))
                .hasMessageContaining("x.smtp:2: not a dialogue line: WAIT 5");
        assertThatThrownBy(() -> Dialogue.parse("x.smtp", "R: \"open"))
                .hasMessageContaining("closing quote is missing");
    }

    @Test
    void octetsKnowEscapesAndRepetition() {
        assertThat(new String(Octets.parse("\"a\\r\\n\\t\\0\\x8f\\\\\\\"\" \"bc\"*3"), ISO_8859_1))
                .isEqualTo("a\r\n\t\0\u008f\\\"bcbcbc");
    }

    @ParameterizedTest
    @CsvSource({
        "250 *, 250 anything, true",
        "250 *, 250 , true",
        "250 *, 251 x, false",
        "*a*b*, xxaxxbxx, true",
        "*a*b, ab, true",
        "*a*b, ba, false",
        "exact, exact, true",
        "exact, exactly, false"
    })
    void wildcardsStandForAnyText(String pattern, String text, boolean matches) {
        assertThat(Wildcard.matches(pattern, text.equals("250") ? "250 " : text))
                .isEqualTo(matches);
    }

    private static void play(String text) {
        try (var sink = SmtpSink.start()) {
            new DialogueRunner(sink.address(), Duration.ofSeconds(2)).play(Dialogue.parse("greeting.smtp", text));
        }
    }
}
