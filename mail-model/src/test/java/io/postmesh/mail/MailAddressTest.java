package io.postmesh.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
            ann@example.com                  ¦ ann                  ¦ example.com
            Ann.B@EXAMPLE.com                ¦ Ann.B                ¦ example.com
            a+tag@example.com                ¦ a+tag                ¦ example.com
            !#$%&'*+-/=?^_`{|}~@x.test       ¦ !#$%&'*+-/=?^_`{|}~  ¦ x.test
            a%outside.test@own.test          ¦ a%outside.test       ¦ own.test
            outside.test!a@own.test          ¦ outside.test!a       ¦ own.test
            "a b"@example.com                ¦ "a b"                ¦ example.com
            "a@b"@example.com                ¦ "a@b"                ¦ example.com
            "a\\"b"@example.com              ¦ "a\\"b"              ¦ example.com
            "\\\\"@example.com               ¦ "\\\\"               ¦ example.com
            ".."@example.com                 ¦ ".."                 ¦ example.com
            "<x>"@example.com                ¦ "<x>"                ¦ example.com
            jörg@example.com                 ¦ jörg                 ¦ example.com
            用户@例え.テスト                    ¦ 用户                  ¦ xn--r8jz45g.xn--zckzah
            "jörg b"@faß.de                  ¦ "jörg b"             ¦ xn--fa-hia.de
            a\uD83D\uDE00@example.com        ¦ a\uD83D\uDE00        ¦ example.com
            """)
    void aMailboxKeepsItsTextAndLearnsItsDomain(String text, String local, String domain) {
        assertThat(MailAddress.parse(text)).hasValueSatisfying(address -> {
            assertThat(address.text()).isEqualTo(text);
            assertThat(address.local()).isEqualTo(local);
            assertThat(address.domain().name()).isEqualTo(domain);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "ann@",
                "@example.com",
                "@",
                "@@",
                ".ann@example.com",
                "ann.@example.com",
                "a..b@example.com",
                "a b@example.com",
                " ann@example.com",
                "ann@example.com ",
                "ann @example.com",
                "ann@ example.com",
                "<ann@example.com>",
                "ann@example.com>",
                "a,b@example.com",
                "a;b@example.com",
                "a:b@example.com",
                "a(comment)@example.com",
                "ann@example.com(comment)",
                "ann@example.com SIZE=1",
                "a\\b@example.com",
                "a[b@example.com",
                // source routes and literals: refused on purpose
                "@a.test:ann@example.com",
                "@a.test,@b.test:ann@example.com",
                "ann@[127.0.0.1]",
                "ann@[IPv6:::1]",
                "ann@127.0.0.1",
                // misrouting: two domains in one address
                "ann@own.test@outside.test",
                "\"ann@outside.test\"",
                "\"ann\"@outside.test@own.test",
                "ann@own.test\0.outside.test",
                // quoted, but not well
                "\"\"@example.com",
                "\"ann@example.com",
                "\"ann\"x@example.com",
                "x\"ann\"@example.com",
                "\"a\\",
                "\"a\\\u00fc\"@example.com",
                "\"a\tb\"@example.com",
                // nothing that could start another line, or that UTF-8 cannot carry
                "ann\r\n@example.com",
                "\"ann\r\nRCPT TO:<x@y.test>\"@example.com",
                "ann\u0085@example.com",
                "\"ann\u2028\"@example.com",
                "\"ann\u009f\"@example.com",
                "ann\u007f@example.com",
                "ann\u00a0@example.com",
                "ann\u3000@example.com",
                "ann\ud800@example.com",
                "\"ann\udc00\"@example.com",
                "ann\ud83d@example.com",
            })
    void whatIsNoMailboxIsRefused(String text) {
        assertThat(MailAddress.parse(text)).isEmpty();
    }

    @Test
    void lengthsAreCountedInOctets() {
        assertThat(MailAddress.parse("a".repeat(64) + "@example.com")).isPresent();
        assertThat(MailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
        assertThat(MailAddress.parse("ü".repeat(32) + "@example.com")).isPresent();
        assertThat(MailAddress.parse("ü".repeat(33) + "@example.com")).isEmpty();
        var domain = ("a".repeat(60) + ".").repeat(3) + "b".repeat(60);
        assertThat(MailAddress.parse("x".repeat(254 - 1 - domain.length()) + "@" + domain))
                .isPresent();
        assertThat(MailAddress.parse("x".repeat(255 - 1 - domain.length()) + "@" + domain))
                .isEmpty();
    }

    @Test
    void onlyALocalPartBeyondAsciiNeedsSmtpUtf8() {
        var name = MailAddress.parse("ann@faß.de").orElseThrow();
        assertThat(name.needsSmtpUtf8()).isFalse();
        assertThat(name.ascii()).isEqualTo("ann@xn--fa-hia.de");
        assertThat(MailAddress.parse("jörg@example.com").orElseThrow().needsSmtpUtf8())
                .isTrue();
    }

    /// However an address is made, also from a record: what it says must not become a second command.
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'a@b.test\r\nRCPT TO:<x@y.test>', a",
                "'a\nb@c.test', 'a\nb'",
                "a@b.test, b",
                "a@b.test, ''",
                "a@, a",
                "a.b.test, a",
                "'a\ud800@b.test', 'a\ud800'",
            })
    void anAddressChecksItselfWhoeverMakesIt(String text, String local) {
        var domain = new Domain("b.test");
        assertThatThrownBy(() -> new MailAddress(text, local, domain)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNullReversePathHasNoMailboxAndNoText() {
        assertThat(ReversePath.NULL.text()).isEmpty();
        assertThat(ReversePath.NULL.domain()).isEmpty();
        var path = ReversePath.of(MailAddress.parse("ann@example.com").orElseThrow());
        assertThat(path.text()).isEqualTo("ann@example.com");
        assertThat(path.domain()).contains(new Domain("example.com"));
    }
}
