package io.postmesh.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpReplyTest {
    @ParameterizedTest
    @CsvSource({
        "550, 5.7.1 Relaying denied,    5.7.1,   Relaying denied",
        "550, 5.7.1,                    5.7.1,   ''",
        "250, 2.1.0 Ok,                 2.1.0,   Ok",
        "451, 4.3.0  two spaces,        4.3.0,   ' two spaces'",
        "550, 5.123.999 x,              5.123.999, x",
        "550, No such user,             ,        No such user",
        "550, 5.7 x,                    ,        5.7 x",
        "550, 5.7.1; x,                 ,        5.7.1; x",
        "550, '',                       ,        ''",
        // RFC 2034 §4: the class agrees with the code, or it is no enhanced code
        "550, 2.1.5 Ok,                 ,        2.1.5 Ok",
        "354, 2.0.0 go,                 ,        2.0.0 go",
    })
    void aReplyIsReadIntoCodeEnhancedCodeAndText(
            int code, String text, @org.jspecify.annotations.Nullable String status, String line) {
        var reply = SmtpReply.of(code, text);
        assertThat(reply.status().map(EnhancedStatus::toString)).isEqualTo(Optional.ofNullable(status));
        assertThat(reply.lines()).containsExactly(line);
    }

    @Test
    void everyLineOnTheWireCarriesTheCodes() {
        var reply = new SmtpReply(550, EnhancedStatus.parsePrefix("5.1.1"), List.of("No such user", "here"));
        assertThat(reply.wire()).isEqualTo("550-5.1.1 No such user\r\n550 5.1.1 here\r\n");
        assertThat(reply.text()).isEqualTo("550 5.1.1 No such user here");
        assertThat(SmtpReply.lines(250, List.of("mesh.test", "SIZE 1")).wire())
                .isEqualTo("250-mesh.test\r\n250 SIZE 1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "a\u0085b", "a\u2028b", "a\u202eb", "a\ud800b", "a\u007fb"})
    void aRemotesWordsCannotStartALine(String line) {
        var reply = SmtpReply.of(550, line);
        assertThat(reply.lines().getFirst()).matches("a\\?{1,2}b");
        assertThat(reply.wire()).matches("550 a\\?{1,2}b\r\n");
    }

    @Test
    void lettersOfEveryScriptStay() {
        assertThat(SmtpReply.of(550, "Empfänger unbekannt 用户 \ud83d\ude00").lines())
                .containsExactly("Empfänger unbekannt 用户 \ud83d\ude00");
    }

    @Test
    void theFirstDigitSaysWhatAReplyMeans() {
        assertThat(SmtpReply.of(250, "x").isPositive()).isTrue();
        assertThat(SmtpReply.of(354, "x").isPositive()).isTrue();
        assertThat(SmtpReply.of(451, "x").isTransient()).isTrue();
        assertThat(SmtpReply.of(554, "x").isPermanent()).isTrue();
    }

    @Test
    void aReplyHasACodeAndALine() {
        for (int code : new int[] {-1, 0, 199, 600}) {
            assertThatThrownBy(() -> SmtpReply.of(code, "x")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SmtpReply.lines(250, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2.0.0,      2.0.0",
        "5.1.1 text, 5.1.1",
        "4.999.999,  4.999.999",
        "5.01.1,     5.1.1",
    })
    void anEnhancedCodeStandsFirstAndAlone(String line, String code) {
        assertThat(EnhancedStatus.parsePrefix(line))
                .map(EnhancedStatus::toString)
                .contains(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5.",
                "5.1",
                "5.1.",
                "5..1",
                "3.1.1",
                "1.1.1",
                "6.0.0",
                "5.1.1.1",
                "5.1000.1",
                "5.1.1000",
                "5.-1.1",
                "5.1.1x",
                " 5.1.1",
                "x5.1.1",
                "5,1,1",
                "55.1.1",
                "5.\u0661.1",
                "5.1.1\t",
            })
    void anythingElseIsText(String line) {
        assertThat(EnhancedStatus.parsePrefix(line)).isEmpty();
    }

    @Test
    void anEnhancedCodeChecksItself() {
        assertThatThrownBy(() -> new EnhancedStatus(3, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EnhancedStatus(5, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EnhancedStatus(5, 0, 1000)).isInstanceOf(IllegalArgumentException.class);
    }
}
