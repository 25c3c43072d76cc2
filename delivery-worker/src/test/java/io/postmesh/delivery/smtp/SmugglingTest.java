package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.SmtpSink;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is in a mail, the next host sees one mail: no CR and no LF alone, every dot doubled. The vectors are those
/// of the smuggling of 2023 (CVE-2023-51764 to -51766).
class SmugglingTest {
    private static final String SECOND =
            "MAIL FROM:<smuggled@own>\r\nRCPT TO:<b@own>\r\nDATA\r\nSubject: SMUGGLED\r\n\r\nx\r\n.\r\n";

    // ~ is CR LF, / is LF, % is CR, 0 is NUL.
    @ParameterizedTest
    @CsvSource({
        "/./",
        "/.~",
        "~./",
        "%.%",
        "%./",
        "/.%",
        "%.~",
        "~.%",
        "~0.~",
        "~.%~",
        "%~.%~",
        "~.~",
        "~..~",
        "~.hidden~"
    })
    void aFakeEndOfDataEndsNothing(String vector) {
        var fake = vector.replace("~", "\r\n")
                .replace('/', '\n')
                .replace('%', '\r')
                .replace('0', '\0');
        for (int padding : new int[] {0, 4_090, 8_186, 16_380, 65_530, 200_000}) {
            var body =
                    "x".repeat(60) + "\r\n" + ("y".repeat(58) + "\r\n").repeat(padding / 60) + "z".repeat(padding % 60)
                            + fake
                            + SECOND;
            assertOneCleanMail(body.getBytes(ISO_8859_1));
        }
    }

    @Test
    void aFakeEndOfDataEndsNothingWhereverItFallsInABlock() {
        for (int shift = -4; shift <= 4; shift++) {
            int padding = 3 * Letter.BLOCK - Letters.HEADERS.length() + shift;
            var body = ("y".repeat(62) + "\r\n").repeat(padding / 64) + "z".repeat(padding % 64) + "\r\n.\r\n" + SECOND;
            assertOneCleanMail(body.getBytes(ISO_8859_1));
        }
    }

    private static void assertOneCleanMail(byte[] body) {
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).open()) {
            assertThat(Bench.only(
                            bench.carry(Letters.to("ok@one.test").body(body).eightBit())))
                    .isInstanceOf(Verdict.Delivered.class);
            assertThat(sink.transcripts().all().getFirst().commands()).noneMatch(line -> line.contains("smuggled"));
            assertThat(sink.inbox().all()).singleElement().satisfies(mail -> {
                assertThat(mail.flaws().none()).isTrue();
                assertThat(mail.sender()).isEqualTo("ann@sender.test");
            });
        }
    }

    // Dots, 8-bit octets, lines longer than the standard's: they arrive as they are.
    @Test
    void cleanContentArrivesToTheOctet() {
        var body = new ByteArrayOutputStream();
        body.writeBytes(".\r\n..\r\n.hidden\r\n\r\n".getBytes(ISO_8859_1));
        for (int b = 1; b < 256; b++) if (b != '\r' && b != '\n') body.write(b);
        body.writeBytes("\r\n".getBytes(ISO_8859_1));
        body.writeBytes(("l".repeat(100_000) + "\r\n.\r\n").getBytes(ISO_8859_1));
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).open()) {
            bench.carry(Letters.to("ok@one.test").body(body.toByteArray()).eightBit());
            var expected = new ByteArrayOutputStream();
            expected.writeBytes(Letters.HEADERS.getBytes(ISO_8859_1));
            expected.writeBytes(body.toByteArray());
            assertThat(sink.inbox().all().getFirst().message()).isEqualTo(expected.toByteArray());
        }
    }
}
