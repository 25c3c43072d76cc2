package io.postmesh.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever a stranger writes: an address or none, a domain or none, and never an exception.
class MailFuzzTest {
    private static final String[] PIECES = {
        "@", ".", "\"", "\\", "a", "A", "0", "-", "_", " ", "\r", "\n", "\0", "\u0085", "\u2028", "\u200d", "ß", "ü",
        "例", "\u05d0", "\ud83d", "\ude00", "xn--", "example", "com", "[", "]", "<", ">", "%", "!", ":", ",", "\u3002",
        "\u0308"
    };

    @FuzzTest(maxDuration = "30s")
    void addresses(byte[] octets) {
        addresses(new String(octets, UTF_8));
    }

    private static void addresses(String text) {
        MailAddress.parse(text).ifPresent(address -> {
            assertThat(address.text()).isEqualTo(text);
            assertThat(text).startsWith(address.local() + "@");
            assertThat(text.chars().noneMatch(c -> c < 0x20 || c >= 0x7f && c < 0xa0))
                    .isTrue();
            assertThat(Domain.parse(text.substring(address.local().length() + 1)))
                    .contains(address.domain());
            assertThat(MailAddress.parse(address.ascii()))
                    .map(MailAddress::domain)
                    .contains(address.domain());
        });
    }

    @FuzzTest(maxDuration = "30s")
    void domains(byte[] octets) {
        domains(new String(octets, UTF_8));
    }

    private static void domains(String text) {
        Domain.parse(text)
                .ifPresent(domain -> assertThat(Domain.parse(domain.name())).contains(domain));
    }

    @FuzzTest(maxDuration = "30s")
    void replies(byte[] octets) {
        replies(new String(octets, UTF_8));
    }

    private static void replies(String text) {
        var reply = SmtpReply.of(550, text);
        assertThat(reply.wire()).startsWith("550 ").endsWith("\r\n");
        assertThat(reply.wire().substring(0, reply.wire().length() - 2)).doesNotContain("\r", "\n");
        EnhancedStatus.parsePrefix(text)
                .ifPresent(s ->
                        assertThat(EnhancedStatus.parsePrefix(s.toString())).contains(s));
    }

    @Test
    void tenThousandMixturesOfTroublesomePieces() {
        var random = new Random(20_240_229);
        for (int round = 0; round < 10_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) text.append(PIECES[random.nextInt(PIECES.length)]);
            addresses(text.toString());
            addresses("a@" + text);
            domains(text.toString());
            replies(text.toString());
        }
    }
}
