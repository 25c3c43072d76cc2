package io.postmesh.signer.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.mail.Domain;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    '',                               a.test, mail
                    'sel',                            a.test, sel
                    'sel,a.test=one,b.test=two',      a.test, one
                    'sel,a.test=one,b.test=two',      b.test, two
                    'sel,a.test=one,b.test=two',      c.test, sel
                    'a.test=one',                     c.test, mail
                    'a.test=one,last',                c.test, last
                    'sel,a.test=one',                 sub.a.test, sel
                    ' sel , A.Test = One ,',          a.test, one
                    'sel,b\u00fccher.test=buch',      xn--bcher-kva.test, buch
                    's2024.dkim_1',                   a.test, s2024.dkim_1
                    """)
    void theMapIsReadAsBokyReadsIt(String text, String domain, String selector) {
        assertThat(Selectors.parse(text).rsa(new Domain(domain))).isEqualTo(selector);
    }

    @Test
    void theEd25519SelectorIsTheRsaOnePlusASuffix() {
        var selectors = Selectors.parse("sel,a.test=one");
        assertThat(selectors.of(new Domain("a.test"), Algorithm.ED25519_SHA256)).isEqualTo("one-ed25519");
        assertThat(selectors.of(new Domain("b.test"), Algorithm.ED25519_SHA256)).isEqualTo("sel-ed25519");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "-a",
                "a-",
                ".a",
                "a.",
                "a..b",
                "a/../b",
                "a.test=",
                "=a",
                "a.test=b=c",
                "no domain=a",
                "\u00fc"
            })
    void whatIsNoSelectorIsRefusedWithTheReason(String text) {
        assertThatThrownBy(() -> Selectors.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a");
    }

    @Test
    void twoSelectorsForAllDomainsAreRefused() {
        assertThatThrownBy(() -> Selectors.parse("a,b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"a\" and \"b\" are both for all domains; write sel or sel,example.org=sel2");
    }

    @FuzzTest(maxDuration = "60s")
    void anyTextGivesUsableSelectorsOrAReason(FuzzedDataProvider data) {
        usableOrRefused(data.consumeRemainingAsString());
    }

    @Test
    void noRandomTextBreaksIt() {
        var random = new SplittableRandom(1);
        var alphabet = "ab.,=- _A\u00e9\t\r/";
        for (int round = 0; round < 5_000; round++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--)
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            usableOrRefused(text.toString());
        }
    }

    private static void usableOrRefused(String text) {
        try {
            var selectors = Selectors.parse(text);
            assertThat(Selectors.isSelector(selectors.fallback())).isTrue();
            assertThat(selectors.ofDomains().values()).allMatch(Selectors::isSelector);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isPrintable().hasSizeLessThan(250);
        }
    }
}
