package io.postmesh.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTest {
    private static final String LABEL_63 = "a".repeat(63);

    @ParameterizedTest
    @CsvSource({
        "example.com,       example.com",
        "EXAMPLE.Com,       example.com",
        "a-b.example,       a-b.example",
        "1and1.example,     1and1.example",
        "123.example,       123.example",
        "localhost,         localhost",
        "xn--fa-hia.de,     xn--fa-hia.de",
        "XN--FA-HIA.DE,     xn--fa-hia.de",
        "a.1a,              a.1a",
        // UTS 46 non-transitional: sharp s and final sigma stay themselves (RFC 5891)
        "faß.de,            xn--fa-hia.de",
        "FASS.de,           fass.de",
        "βόλος.com,         xn--nxasmm1c.com",
        "bücher.example,    xn--bcher-kva.example",
        "BÜCHER.example,    xn--bcher-kva.example",
        "例え.テスト,         xn--r8jz45g.xn--zckzah",
        // dots and letters that only look different (UTS 46 mapping)
        "bücher。example,    xn--bcher-kva.example",
        "ｅｘａｍｐｌｅ.com,   example.com",
        "eXamp\u212ae.com,  exampke.com",
        "bu\u0308cher.example, xn--bcher-kva.example",
    })
    void everyFormOfADomainHasOneCanonicalName(String text, String canonical) {
        assertThat(Domain.parse(text)).contains(new Domain(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "example.com.",
                ".example.com",
                "example..com",
                "-example.com",
                "example-.com",
                "exam_ple.com",
                "exam ple.com",
                "example.com\r\n",
                "example.com\0",
                "own\0.outside.test",
                "[127.0.0.1]",
                "[IPv6:::1]",
                "127.0.0.1",
                "1.2.3.4.5",
                "10",
                "example.123",
                "a@b.com",
                "exa*mple.com",
                "%00.com",
                "bücher.example.",
                "bücher..example",
                "-bücher.example",
                "ex\u200dample.com",
                "ex\u2028ample.com",
                "\ud800.com",
                "a\u0338.com\udfff",
                "xn--bücher.example",
                "\u05d0a.example",
            })
    void whatIsNoMailDomainIsNone(String text) {
        assertThat(Domain.parse(text)).isEmpty();
    }

    @Test
    void lengthsEndWhereDnsEndsThem() {
        assertThat(Domain.parse(LABEL_63 + ".com")).isPresent();
        assertThat(Domain.parse("a" + LABEL_63 + ".com")).isEmpty();
        var longest = (LABEL_63 + ".").repeat(3) + "a".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(Domain.parse(longest)).isPresent();
        assertThat(Domain.parse(longest + "a")).isEmpty();
        assertThat(Domain.parse("ü".repeat(100_000))).isEmpty();
        assertThat(Domain.parse("ü".repeat(60) + ".de")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Example.com", "faß.de", "a..b", "", "example.com.", "1.2"})
    void onlyTheCanonicalFormIsADomain(String text) {
        assertThatThrownBy(() -> new Domain(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com,          example.com, true",
        "news.example.com,     example.com, true",
        "a.b.example.com,      example.com, true",
        "notexample.com,       example.com, false",
        "com,                  example.com, false",
        "example.com.evil.org, example.com, false",
    })
    void aSubdomainLiesWithinItsParent(String domain, String parent, boolean within) {
        assertThat(new Domain(domain).isWithin(new Domain(parent))).isEqualTo(within);
    }

    @Test
    void theParentIsOneLabelShorter() {
        assertThat(new Domain("a.b.com").parent()).contains(new Domain("b.com"));
        assertThat(new Domain("com").parent()).isEmpty();
    }
}
