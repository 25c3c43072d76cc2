package io.postmesh.ingress.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postmesh.ingress.Mutator;
import io.postmesh.mail.Domain;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FromFieldTest {
    private static final List<String> SEEDS = List.of(
            "Ann <ann@example.org>",
            "\"Ann, the (first)\" <ann@example.org>",
            "ann@example.org (Ann (nested \\) comment))",
            "=?utf-8?Q?a=40b=2Etest?= <ann@example.org>",
            "Team: ann@example.org, Bob <bob@example.org>;",
            "\"a@b\"@example.org",
            "undisclosed:;");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ann@example.org|example.org",
                "ann@EXAMPLE.Org|example.org",
                "<ann@example.org>|example.org",
                "Ann Smith <ann@example.org>|example.org",
                "Ann J. Smith <ann@example.org>|example.org",
                "\"Smith, Ann <x@evil.test>\" <ann@example.org>|example.org",
                "\"say \\\"hi\\\" @evil.test\" <ann@example.org>|example.org",
                "\"a@evil.test\"@example.org|example.org",
                "ann@example.org (comment @evil.test)|example.org",
                "(x@evil.test) ann (y) @ (z) example (w) . org|example.org",
                "Ann (a \\) (b) c) <ann@example.org>|example.org",
                "=?utf-8?Q?boss=40evil=2Etest?= <ann@example.org>|example.org",
                "Team: ann@example.org, Bob <bob@example.org>;|example.org",
                "ann@example.org, bob@example.org|example.org",
                "ann@example.org,|example.org",
                "Ann <ann@b\u00fccher.test>|xn--bcher-kva.test",
                "J\u00f6rg <ann@example.org>|example.org",
            })
    void findsTheOneDomain(String value, String domain) {
        assertThat(FromField.domain(value)).contains(new Domain(domain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Ann",
                "postmaster",
                "ann@",
                "@example.org",
                "<>",
                "Ann <>",
                "Ann <ann@example.org",
                "ann@example.org>",
                "ann@example.org bob@evil.test",
                "<ann@example.org> <bob@evil.test>",
                "ann@example.org, bob@evil.test",
                "Team: ann@example.org, bob@evil.test;",
                "Team: ann@example.org",
                "ann@example.org;",
                "a:b:c@example.org;;",
                "ann@evil.test <ann@example.org>",
                "Ann <@evil.test:ann@example.org>",
                "ann@[192.0.2.1]",
                "\"Ann <ann@example.org>",
                "Ann (open <ann@example.org>",
                "ann @example..org",
                "ann@example.org.",
                "a b@example.org",
                "\"Ann\\",
                "<<ann@example.org>>",
                "ann@exa\u0001mple.org",
                "ann@example.org\\",
                "ann@-example.org",
                "undisclosed:;",
                "ann@a@b.test"
            })
    void givesNoDomainWhenAReaderMightSeeAnother(String value) {
        assertThat(FromField.domain(value)).isEmpty();
    }

    @Test
    void aMillionOpenCommentsOrGroupsAreRefusedInNoTime() {
        assertThat(FromField.domain("(".repeat(250_000))).isEmpty();
        assertThat(FromField.domain("a:".repeat(125_000))).isEmpty();
        assertThat(FromField.domain(",".repeat(250_000) + "a@b.test")).contains(new Domain("b.test"));
    }

    @Test
    void anyDamageGivesADomainThatStandsThereOrNone() {
        Mutator.each(SEEDS, FromFieldTest::standsThere);
    }

    @FuzzTest(maxDuration = "2m")
    void theDomainStandsInTheField(byte[] value) {
        standsThere(value);
    }

    // ASCII domains only: an international one is written otherwise than it is named.
    private static void standsThere(byte[] bytes) {
        var value = new String(bytes, UTF_8);
        FromField.domain(value)
                .filter(d -> !d.name().contains("xn--"))
                .ifPresent(d -> assertThat(value.toLowerCase(java.util.Locale.ROOT))
                        .contains(d.name()
                                .substring(
                                        0,
                                        d.name().indexOf('.') < 0 ? 1 : d.name().indexOf('.'))));
    }
}
