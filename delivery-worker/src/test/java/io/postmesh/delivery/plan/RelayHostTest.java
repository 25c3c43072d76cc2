package io.postmesh.delivery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayHostTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp.example               | smtp.example:25",
                "smtp.example:587           | smtp.example:587",
                "SMTP.Example:587           | smtp.example:587",
                "[smtp.example]             | [smtp.example]:25",
                "[smtp.example]:submission  | [smtp.example]:587",
                "my_relay                   | my_relay:25",
                "192.0.2.1                  | [192.0.2.1]:25",
                "192.0.2.1:2525             | [192.0.2.1]:2525",
                "[192.0.2.1]:2525           | [192.0.2.1]:2525",
                "[2001:db8::1]:587          | [2001:db8:0:0:0:0:0:1]:587",
                "[ipv6:2001:db8::1]         | [2001:db8:0:0:0:0:0:1]:25",
                "a.test,b.test c.test:26    | a.test:25 b.test:25 c.test:26",
                "' , a.test , , '           | a.test:25"
            })
    void everyFormIsRead(String text, String hops) {
        assertThat(RelayHost.parseList(text).stream().map(RelayHost::toString).collect(Collectors.joining(" ")))
                .isEqualTo(hops);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2001:db8::1          | brackets",
                "[smtp.example        | ] is missing",
                "[smtp.example]587    | after ]",
                "smtp.example:        | the port",
                "smtp.example:0       | the port",
                "smtp.example:65536   | the port",
                "smtp.example:+25     | the port",
                "smtp.example:smtps   | submission",
                "[]:25                | no host name",
                "smtp..example        | no host name",
                "smtp.example/x       | no host name",
                "12345                | no host name",
                "192.0.2.300          | no host name",
                "1.2.3                | no host name",
                "[fe80::1%eth0]       | no host name",
                "','                  | names no host"
            })
    void whatIsWrongIsSaid(String text, String hint) {
        assertThatThrownBy(() -> RelayHost.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(hint);
    }

    @FuzzTest(maxDuration = "20s")
    void anythingIsReadOrRefused(FuzzedDataProvider data) {
        readOrRefuse(data.consumeRemainingAsString());
    }

    @Test
    void tenThousandMutationsAreReadOrRefused() {
        var random = new Random(11);
        var seeds = new String[] {"[2001:db8::1]:587", "a.test:25, [b.test]:26", "192.0.2.1:2525", "[ipv6:::1]"};
        for (int i = 0; i < 10_000; i++) {
            var text = new StringBuilder(seeds[i % seeds.length]);
            for (int j = random.nextInt(4); j >= 0; j--) {
                text.setCharAt(random.nextInt(text.length()), "[]:., %a0-_é\u0000".charAt(random.nextInt(13)));
            }
            readOrRefuse(text.toString());
        }
    }

    // What was read reads the same again.
    private static void readOrRefuse(String text) {
        try {
            for (var hop : RelayHost.parseList(text)) {
                assertThat(RelayHost.parseList(hop.toString())).containsExactly(hop);
            }
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
