package io.postmesh.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.mail.LogText;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private static final String HASH = "hash?salt=hello%20world";
    private static final String WHOLE = "3052a860ddfde8b50e39843d8f1c9f591bec442823d97948b811d38779e2c757";

    /// What boky/postfix's own tests ask for, then what is only in its description.
    private static final String EXAMPLES = """
            prettyandsimple@example.com                            | p#e@#######.com          | *@*.com
            very.common@example.com                                | v#n@#######.com          | *@*.com
            disposable.style.email.with+symbol@example.com         | d#l@#######.com          | *@*.com
            x@example.com                                          | x#x@#######.com          | *@*.com
            "much.more unusual"@example.com                        | "m#l"@#######.com        | *@*.com
            "very.unusual.@.unusual.com"@example.com               | "v#m"@#######.com        | *@*.com
            "very.(),:;<>[]\\".VERY.\\"very@\\ \\"very\\".unusual"@strange.example.com | "v#l"@###############.com | *@*.com
            example-indeed@strange-example.com                     | e#d@###############.com  | *@*.com
            admin@mailserver1                                      | a#n@###########          | *@*
            #!$%&'*+-/=?^_`{}~@example.org                         | ##~@#######.org          | *@*.org
            " "@example.org                                        | " # "@#######.org        | *@*.org
            example@s.solutions                                    | e#e@#.solutions          | *@*.solutions
            user@com                                               | u#r@###                  | *@*
            user@[127.0.0.1]                                       | u#r@[#.#.#.#]            | *@[*]
            user@[IPv6:2001:db8::1]                                | u#r@[IPv6:###########]   | *@[IPv6:*]
            Pelé@example.com                                       | P#é@#######.com          | *@*.com
            δοκιμή@παράδειγμα.δοκιμή                               | δ#ή@##########.δοκιμή    | *@*.δοκιμή
            我買@屋企.香港                                          | 我#買@##.香港             | *@*.香港
            медведь@с-балалайкой.рф                                | м#ь@############.рф      | *@*.рф
            संपर्क@डाटामेल.भारत                                        | स#क@#######.भारत          | *@*.भारत
            demo@example.org                                       | d#o@#######.org          | *@*.org
            sa@localhost                                           | s#a@#########            | *@*
            s@[192.168.8.10]                                       | s#s@[#.#.#.#]            | *@[*]
            """;

    /// Words around an address stay; so do message ids, whatever they look like.
    private static final String LINES = """
            01X accepted from=<ann@demo.test> to=bob@x.test,"c d"@y.test   | 01X accepted from=<*@*.test> to=*@*.test,*@*.test
            setting POSTMESH_POSTMASTER=ann@demo.test                      | setting POSTMESH_POSTMASTER=*@*.test
            reply="550 5.1.1 <bob@x.test>: no 'ann@x.test' here."          | reply="550 5.1.1 <*@*.test>: no '*@*.test' here."
            mailto:bob@x.test. Write to bob@x.test!                        | mailto:*@*.test. Write to *@*.test!
            bounce+bob=x.test@list.test a@b@c.test a@b@                    | *@*.test *@*.test *@*@
            ann\\u0040x.test "\\u0022c d\\u0022@x.test" Pel\\u00e9@x.test  | *@*.test "*@*.test" *@*.test
            message-id=<a1@x.test> message-id=a1@x.test Message-ID: <a@x.test> message-id="a@x.test" | message-id=<a1@x.test> message-id=a1@x.test Message-ID: <a@x.test> message-id="a@x.test"
            not-a-message-id: x <a@x.test> id=<a@x.test>                   | not-a-message-id: x <*@*.test> id=<*@*.test>
            @ a@ @b @@ "a"@ "@" a@. a@[ a@[] []@x user at x.test           | @ a@ @b @@ "a"@ "@" a@. a@[ a@[] []@x user at x.test
            """;

    @Test
    void smartAndParanoidShowWhatBokysTestsWant() {
        rows(EXAMPLES).forEach(row -> {
            assertThat(masked("smart?mask_symbol=%23", row.get(0))).isEqualTo(row.get(1));
            assertThat(masked("paranoid", row.get(0))).isEqualTo(row.get(2));
        });
    }

    @Test
    void wordsAroundAnAddressStay() {
        rows(LINES).forEach(row -> assertThat(masked("paranoid", row.get(0))).isEqualTo(row.get(1)));
    }

    @Test
    void whatWasSpelledOutIsMaskedAsItWasMeantAndSpelledAgain() {
        var spelled = LogText.of("\"é\"@x.test").replace("\"", "\\u0022");
        assertThat(masked("smart", "reply=\"550 <" + spelled + ">\""))
                .isEqualTo("reply=\"550 <\\u0022\\u00e9*\\u00e9\\u0022@*.test>\"");
        assertThat(masked(HASH, "to=" + LogText.word("é@x.test"))).isEqualTo("to=" + masked(HASH, "é@x.test"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', prettyandsimple@example.com, " + WHOLE,
        "&case_sensitive=false, PRETTYANDSIMPLE@EXAMPLE.COM, " + WHOLE,
        "&short_sha=1, prettyandsimple@example.com, 3052a860",
        "&prefix=%3C&suffix=%3E, prettyandsimple@example.com, <" + WHOLE + ">",
        "&case_sensitive=no&split=y&short_sha=t&prefix=~&suffix=~, PrettyAndSimple@Example.com, ~c58731d3@8bd7a35c~"
    })
    void hashesAreThoseOfBoky(String options, String address, String hash) {
        assertThat(masked(HASH + options, "to=<" + address + ">")).isEqualTo("to=<" + hash + ">");
    }

    @Test
    void aHashTellsCapitalsApartAndNeedsTheSalt() {
        assertThat(masked(HASH, "PRETTYANDSIMPLE@example.com")).isNotEqualTo(WHOLE);
        assertThat(masked("hash?salt=x", "prettyandsimple@example.com")).isNotEqualTo(WHOLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "y", "on", "t", "default", "Smart"})
    void wordsForYesAreSmart(String word) {
        assertThat(masked(word, "demo@example.org")).isEqualTo("d*o@*******.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "No", "off", "noop"})
    void wordsForNoAreNoFilter(String word) {
        assertThat(AddressFilter.parse(word)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "my.filters.Own | write smart, paranoid, hash?salt=... or noop",
                "SmartFilter    | is no filter",
                "hash           | needs a salt",
                "hash?salt=     | needs a salt",
                "hash?salt=s3cret&split=maybe | split: write true or false",
                "hash?salt=s3cret&x=1 | no option 'x'; it has case_sensitive, prefix, salt, short_sha, split, suffix",
                "hash?s3cret    | name=value",
                "hash?salt=s3cret%zz | percent-encoded",
                "smart?mask_symbol=  | one to 4 characters",
                "paranoid?mask_symbol=a | one to 4 characters",
                "smart?mask_symbol=#####| one to 4 characters",
                "noop?x=1       | no option 'x'"
            })
    void whatIsNoFilterIsRefusedWithThoseThereAreAndWithoutTheSalt(String text, String why) {
        assertThatThrownBy(() -> AddressFilter.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void noMixtureOfStrangersMakesItThrowOrLeavesTheAddress() {
        var random = new Random(20261127);
        var pieces = List.of(
                "@",
                "\"",
                "\\",
                "<",
                ">",
                "[",
                "]",
                ",",
                " ",
                "a",
                "x.test",
                "=",
                "message-id",
                ":",
                "\\u0040",
                "\\u00",
                "\\u0022",
                "'",
                "é",
                "😀",
                "\ud83d",
                "to=",
                "..",
                "[IPv6:::1]",
                "\u202e",
                "-");
        for (var filter : List.of("smart", "paranoid", HASH)) {
            for (int round = 0; round < 20_000; round++) {
                var line = mixed(pieces, random, 12) + " x <ann.known@secret.test> " + mixed(pieces, random, 12);
                assertThat(masked(filter, line))
                        .as(filter + ": " + line)
                        .doesNotContain("ann.known@secret", "n@secret");
            }
        }
    }

    private static String mixed(List<String> pieces, Random random, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
        return text.toString();
    }

    /// Where a character is read as often as there are others this takes days.
    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {"a@b ", "a@", "\"@", "\"\\\"", "a@[", "\"a\"@", "@", "to=", "a@-", "\\u0040", "message-id=", "<'"
            })
    void aLongLineIsReadInOnePass(String piece) {
        var asked = new AtomicInteger();
        var line = piece.repeat(4_000_000 / piece.length());
        var text = new Addresses((_, _) -> Integer.toString(asked.incrementAndGet())).masked(line);
        assertThat(asked).hasValueLessThanOrEqualTo(line.length() / 3);
        if (asked.get() == 0) assertThat(text).isEqualTo(line);
    }

    private static String masked(String filter, String text) {
        return new Addresses(AddressFilter.parse(filter).orElseThrow()::masked).masked(text);
    }

    private static List<List<String>> rows(String table) {
        return table.lines()
                .map(line -> List.of(line.split("\\|", 3)).stream()
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
