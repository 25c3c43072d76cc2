package io.postmesh.ingress.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.ingress.Mutator;
import io.postmesh.ingress.session.Command.*;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandParserTest {
    private static final List<String> SEEDS = List.of(
            "EHLO client.example",
            "HELO [127.0.0.1]",
            "MAIL FROM:<ann@example.org> SIZE=1000 BODY=8BITMIME SMTPUTF8",
            "MAIL FROM:<>",
            "mail from: <\"a b>\"@example.org> size=1",
            "RCPT TO:<bob@example.net>",
            "RCPT TO:<@a,@b:bob@example.net>",
            "RCPT TO:<\u00c3\u00a9@ex\u00c3\u00a4mple.net>",
            "DATA",
            "BDAT 10 LAST",
            "VRFY root",
            "NOOP",
            "QUIT");

    @ParameterizedTest
    @CsvSource({
        "DATA, Data",
        "data, Data",
        "RSET, Rset",
        "NOOP, Noop",
        "NOOP whatever, Noop",
        "HELP MAIL, Help",
        "QUIT, Quit",
        "'QUIT  ', Quit",
        "VRFY root, Vrfy",
        "EXPN list, NotOffered",
        "STARTTLS, NotOffered",
        "AUTH PLAIN, NotOffered",
        "XCLIENT ADDR=127.0.0.1, NotOffered",
        "BDAT 30, Hopeless",
        "GET / HTTP/1.1, Hopeless",
        "POST / HTTP/1.1, Hopeless",
        "CONNECT x:25 HTTP/1.1, Hopeless",
        "FOO, Unknown",
        "'', Unknown",
        "MAILFROM:<a@b.c>, Unknown",
        "Subject: hello, Unknown",
        "DATA now, Malformed",
        "RSET x, Malformed",
        "QUIT x, Malformed",
        "VRFY, Malformed",
        "EHLO, Malformed",
        "EHLO a b, Malformed",
        "EHLO ${jndi:ldap://x/a}, Malformed",
        "EHLO a(b), Malformed"
    })
    void knowsTheVerbs(String line, String kind) {
        assertThat(parse(line).getClass().getSimpleName()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MAIL FROM:<ann@example.org>", "mail from:<ann@example.org>", "MAIL FROM: <ann@example.org> "})
    void readsAReversePath(String line) {
        var ann = ReversePath.of(MailAddress.parse("ann@example.org").orElseThrow());
        assertThat(parse(line)).isEqualTo(new MailFrom(ann, -1, false));
    }

    @Test
    void readsTheNullPathAndParameters() {
        assertThat(parse("MAIL FROM:<> SMTPUTF8 SIZE=12345 BODY=8BITMIME"))
                .isEqualTo(new MailFrom(ReversePath.NULL, 12345, true));
        assertThat(parse("MAIL FROM:<> size=99999999999999999999"))
                .isEqualTo(new MailFrom(ReversePath.NULL, Long.MAX_VALUE, false));
    }

    @ParameterizedTest
    @CsvSource({
        "SIZE=-1, 501",
        "SIZE=, 501",
        "SIZE=1x, 501",
        "SIZE=123456789012345678901, 501",
        "SIZE=1 SIZE=2, 501",
        "BODY=BINARYMIME, 501",
        "BODY, 501",
        "SMTPUTF8=1, 501",
        "AUTH=<>, 555",
        "RET=HDRS, 555",
        "X, 555"
    })
    void refusesParametersItDoesNotUnderstand(String parameter, int code) {
        assertThat(refusal("MAIL FROM:<a@example.org> " + parameter)).startsWith(code + " 5.5.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL FROM:|501 5.5.4", //
                "MAIL ann@example.org|501 5.5.4",
                "MAIL FROM:ann@example.org|501 5.5.4",
                "MAIL FROM:<ann@example.org|501 5.5.4",
                "MAIL FROM:<ann@example.org>SIZE=1|501 5.5.4",
                "MAIL FROM:<ann>|504 5.5.2",
                "MAIL FROM:<a b@example.org>|501 5.1.7",
                "MAIL FROM:<@a.test:ann@example.org>|501 5.1.7",
                "RCPT TO:<>|501 5.1.3",
                "RCPT TO:<postmaster>|504 5.5.2",
                "RCPT TO:<x@[127.0.0.1]>|550 5.1.2",
                "RCPT TO:<x@[IPv6:::1]>|550 5.1.2",
                "RCPT TO:<x@own.>|501 5.1.3",
                "RCPT TO:<@a.test,@b.test:x@own.test>|501 5.1.3",
                "RCPT TO:<relaytest@outside.test@own.test>|501 5.1.3",
                "RCPT TO:<x@own.test> NOTIFY=NEVER|555 5.5.4",
            })
    void saysWhatIsWrongWithAPath(String line, String reply) {
        assertThat(refusal(line)).startsWith(reply);
    }

    @Test
    void aQuotedLocalPartHidesBracketsAndSpaces() {
        assertThat(parse("RCPT TO:<\"a> SIZE=1\"@example.org>"))
                .isEqualTo(new RcptTo(
                        MailAddress.parse("\"a> SIZE=1\"@example.org").orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NOOP \0", "EHLO x\u001b[2J", "MAIL FROM:<a\0@example.org>", "RCPT TO:<x@own\0.outside.test>"})
    void noControlCharacterGetsIn(String line) {
        assertThat(refusal(line)).startsWith("500 5.5.2");
    }

    @Test
    void onlyUtf8IsRead() {
        byte[] latin1 = "RCPT TO:<\u00e9@example.org>".getBytes(ISO_8859_1);
        assertThat(CommandParser.parse(latin1, 0, latin1.length)).isEqualTo(new Malformed(Replies.BAD_UTF8));
        assertThat(parse("RCPT TO:<\u00e9@example.org>")).isInstanceOf(RcptTo.class);
    }

    @Test
    void everyDamagedLineIsSomeCommand() {
        Mutator.each(SEEDS, CommandParserTest::isSomeCommand);
    }

    @FuzzTest(maxDuration = "2m")
    void everyLineIsSomeCommand(byte[] line) {
        isSomeCommand(line);
    }

    private static void isSomeCommand(byte[] line) {
        var command = CommandParser.parse(line, 0, line.length);
        assertThat(command).isNotNull();
        if (command instanceof RcptTo(var to)) {
            // What later goes into RCPT, the log and the record must be one address and nothing else.
            assertThat(to.text()).doesNotContain("\r", "\n", "\0");
            assertThat(MailAddress.parse(to.text())).contains(to);
        }
    }

    private static String refusal(String line) {
        return ((Malformed) parse(line)).answer().reply().text();
    }

    private static Command parse(String line) {
        var bytes = line.getBytes(UTF_8);
        return CommandParser.parse(bytes, 0, bytes.length);
    }
}
