package io.postmesh.delivery.bounce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Outcome;
import io.postmesh.contract.Reason;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A report is right to the letter, the same each time, and nothing a stranger said can break out of it.
class BounceWriterTest {
    private static final BounceWriter WRITER = new BounceWriter("mx.postmesh.test");

    private static BounceWriter.Bounce write(Failures failures) {
        var outcome = failures.outcome();
        return WRITER.write(outcome, MailAddress.parse(outcome.about().sender()).orElseThrow());
    }

    private static String headers(BounceWriter.Bounce bounce) {
        return new String(bounce.headers(), UTF_8);
    }

    // The three parts, each with its head; cut at the boundary the header names (RFC 2046 §5.1.1).
    private static List<String> parts(BounceWriter.Bounce bounce) {
        var boundary = headers(bounce).replaceFirst("(?s).*boundary=\"([^\"]+)\".*", "$1");
        var body = new String(bounce.body(), ISO_8859_1);
        assertThat(body).startsWith("--" + boundary + "\r\n").endsWith("\r\n--" + boundary + "--\r\n");
        var parts = new ArrayList<String>();
        for (var part : ("\r\n" + body).split("\r\n--" + boundary, -1)) {
            if (part.startsWith("\r\n")) parts.add(part.substring(2));
        }
        return parts.stream().filter(part -> part.startsWith("Content-Type")).toList();
    }

    @Test
    void theHeaderSaysWhatItIsAndFromWhom() {
        var headers = headers(write(Failures.of("bob@one.test").reply(550, "5.1.1 nobody")));
        assertThat(headers)
                .contains("From: Mail Delivery System <MAILER-DAEMON@mx.postmesh.test>\r\n")
                .contains("To: <ann@sender.test>\r\n")
                .contains("Auto-Submitted: auto-replied\r\n") // RFC 3834 §5
                .contains("MIME-Version: 1.0\r\n")
                .contains("Content-Type: multipart/report; report-type=delivery-status;\r\n") // RFC 6522 §3
                .contains("Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n")
                .contains("Message-ID: <")
                .endsWith("\r\n\r\n");
    }

    @Test
    void itHasThreePartsWordsFieldsAndTheFailedMailsHeaderSection() {
        var parts = parts(write(Failures.of("bob@one.test").reply(550, "5.1.1 nobody")));
        assertThat(parts).hasSize(3);
        assertThat(parts.get(0))
                .startsWith("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("<bob@one.test>")
                .contains("550 5.1.1 nobody");
        assertThat(parts.get(1)).startsWith("Content-Type: message/delivery-status\r\n");
        assertThat(parts.get(2))
                .startsWith("Content-Type: text/rfc822-headers; charset=utf-8\r\n")
                .contains("Subject: a test\r\n");
    }

    // RFC 3464 §2.2, §2.3: these fields, in this order; one empty line between the groups.
    @Test
    void theFieldsForMachinesAreThoseOfTheStandardInItsOrder() {
        var fields = parts(write(Failures.of("bob@one.test", "eve@one.test").reply(550, "5.1.1 nobody")))
                .get(1);
        assertThat(fields.substring(fields.indexOf("\r\n\r\n") + 4))
                .isEqualToNormalizingNewlines("""
                        Reporting-MTA: dns; mx.postmesh.test
                        Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000
                        X-Postmesh-Mail-ID: %s

                        Final-Recipient: rfc822; bob@one.test
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.one.test
                        Diagnostic-Code: smtp; 550 5.1.1 nobody
                        Last-Attempt-Date: Tue, 24 Nov 2026 10:00:00 +0000

                        Final-Recipient: rfc822; eve@one.test
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.one.test
                        Diagnostic-Code: smtp; 550 5.1.1 nobody
                        Last-Attempt-Date: Tue, 24 Nov 2026 10:00:00 +0000
                        """.formatted(MailId.of(1_000, 2, 3)));
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED,        550, 5.1.1 nobody,        5.1.1",
        "REFUSED,        550, no code of its own,  5.0.0",
        "EXPIRED,        450, 4.2.2 mailbox full,  4.4.7",
        "NO_SUCH_DOMAIN, 0,   '',                  5.1.2",
        "NULL_MX,        0,   '',                  5.1.10",
        "NO_HOST,        0,   '',                  5.4.4",
        "NEEDS_SMTPUTF8, 0,   '',                  5.6.7",
        "NEEDS_8BITMIME, 0,   '',                  5.6.3",
        "TOO_LARGE,      0,   '',                  5.3.4",
        "POLICY,         0,   '',                  5.7.1"
    })
    void theStatusIsTheRemotesOrTellsWhatWasFoundHere(Reason reason, int code, String text, String status) {
        var failures = Failures.of("bob@one.test").reason(reason);
        var fields =
                parts(write(code == 0 ? failures : failures.reply(code, text))).get(1);
        assertThat(fields).contains("\r\nStatus: " + status + "\r\n");
        assertThat(fields.contains("Diagnostic-Code: ")).isEqualTo(code != 0);
    }

    // RFC 3464 §2.3.6: the reply of the last attempt, also when it was not the reason to give up.
    @Test
    void aReportOnExpiredMailNamesTheLastReply() {
        var parts = parts(write(
                Failures.of("bob@one.test").reason(Reason.EXPIRED).attempt(17).reply(450, "4.2.2 mailbox full")));
        assertThat(parts.get(0))
                .contains("It was tried 17 times until its time was up.\r\n")
                .contains("The host mx.one.test[192.0.2.1]:25 said:\r\n\r\n    450 4.2.2 mailbox full\r\n");
        assertThat(parts.get(1))
                .contains("\r\nStatus: 4.4.7\r\n")
                .contains("\r\nDiagnostic-Code: smtp; 450 4.2.2 mailbox full\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, Its time was up before it could be tried.",
        "1, It was tried once before its time was up. The last attempt ended without a reply.",
        "9, It was tried 9 times until its time was up. The last attempt ended without a reply."
    })
    void aReportOnExpiredMailThatGotNoReplySaysSo(int attempt, String words) {
        var parts =
                parts(write(Failures.of("bob@one.test").reason(Reason.EXPIRED).attempt(attempt)));
        assertThat(parts.get(0).replace("=\r\n", "")).contains("\r\n" + words + "\r\n");
        assertThat(parts.get(1)).doesNotContain("Diagnostic-Code");
    }

    // The remote was met, and took what it was given.
    @ParameterizedTest
    @CsvSource({
        "BLOB_MISSING, This system has lost its content; no remote host is to blame.",
        "INTERNAL, A fault of this system kept it here; no remote host is to blame."
    })
    void aReportOnMailThatFailedByOurFaultBlamesNobodyElse(Reason reason, String words) {
        var parts = parts(write(Failures.of("bob@one.test").reason(reason).attempt(9)));
        assertThat(parts.get(0).replace("=\r\n", ""))
                .contains("\r\nIt was tried 9 times until its time was up. " + words + "\r\n")
                .doesNotContain("reply", "mx.one.test");
        assertThat(parts.get(1)).contains("\r\nStatus: 5.3.0\r\n").doesNotContain("Remote-MTA", "mx.one.test");
    }

    // LEDGER L4
    @Test
    void theSameFailureIsTheSameMailAndAnyOtherIsNot() {
        var one = write(Failures.of("bob@one.test"));
        assertThat(write(Failures.of("bob@one.test"))).isEqualTo(one);
        var anHourLater = Failures.of("bob@one.test").at(Instant.parse("2026-11-24T11:00:00Z"));
        assertThat(write(anHourLater).id()).isEqualTo(one.id());
        assertThat(write(Failures.of("bob@one.test", "eve@one.test")).id()).isNotEqualTo(one.id());
        assertThat(write(Failures.of("bob@one.test").id(MailId.of(1_000, 2, 4))).id())
                .isNotEqualTo(one.id());
        var delivered = Failures.of("bob@one.test").kind(Outcome.Kind.DELIVERED).outcome();
        assertThat(DerivedId.of(delivered)).isNotEqualTo(one.id());
    }

    @Test
    void theOrderOfPositionsDoesNotMatter() {
        var outcome = Failures.of("bob@one.test", "eve@one.test").outcome();
        var about = outcome.about();
        var turned = new Outcome(
                new Outcome.About(
                        about.id(),
                        about.record(),
                        List.of(1, 0),
                        List.of("eve@one.test", "bob@one.test"),
                        about.sender(),
                        about.acceptedAt(),
                        about.destination(),
                        about.relayed()),
                outcome.what(),
                outcome.cause(),
                outcome.by(),
                outcome.heard(),
                outcome.at());
        assertThat(DerivedId.of(turned)).isEqualTo(DerivedId.of(outcome));
    }

    // Remote text and the failed mail's own bytes: they start no line, end no part, and smuggle nothing (E02).
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'~.~MAIL FROM:<x@y>~'",
                "'/.~MAIL FROM:<x@y>'",
                "'/./MAIL FROM:<x@y>'",
                "'%.%MAIL FROM:<x@y>'",
                "'~.%~MAIL FROM:<x@y>'",
                "'~--BOUNDARY--~'",
                "'~Final-Recipient: rfc822; victim@else.test~'"
            })
    void whatTheFailedMailSaysStaysWhereItIs(String vector) {
        var boundary = headers(write(Failures.of("bob@one.test"))).replaceFirst("(?s).*boundary=\"([^\"]+)\".*", "$1");
        var evil = vector.replace("BOUNDARY", boundary)
                .replace("~", "\r\n")
                .replace('/', '\n')
                .replace('%', '\r');
        var bounce = write(Failures.of("bob@one.test").headers("Subject: x" + evil + "\r\n\r\n"));
        var body = new String(bounce.body(), ISO_8859_1);
        assertThat(body.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(body.lines()).noneMatch(line -> line.startsWith("."));
        assertThat(parts(bounce)).hasSize(3);
        assertThat(parts(bounce).get(1)).doesNotContain("victim");
        assertThat(body.split("--" + java.util.regex.Pattern.quote(boundary), -1))
                .hasSize(5);
    }

    @Test
    void anythingAtAllFitsIntoSevenBitsAndShortLines() {
        var random = new Random(9);
        for (int i = 0; i < 300; i++) {
            var headers = new StringBuilder();
            for (int j = random.nextInt(3_000); j >= 0; j--) {
                headers.appendCodePoint("\r\n.-= \t\0éж\u2028ab:".charAt(random.nextInt(14)));
            }
            var bounce = write(Failures.of("bob@one.test").headers(headers.toString()));
            for (byte b : bounce.body()) assertThat(b).isPositive();
            var text = new String(bounce.body(), ISO_8859_1);
            assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
            assertThat(Arrays.stream(text.split("\r\n")).mapToInt(String::length))
                    .allMatch(length -> length <= 998);
        }
    }

    @Test
    void headersThatAreTooManyEndWithAWholeLine() {
        var line = "X-Padding: " + "p".repeat(60) + "\r\n";
        var quoted = parts(write(Failures.of("bob@one.test").headers(line.repeat(2_000))))
                .get(2);
        assertThat(quoted.length()).isLessThan(70 << 10);
        assertThat(quoted).endsWith("p".repeat(60) + "\r\n");
    }

    // RFC 6533 §3: in a seven-bit report an international address is written out.
    @Test
    void anInternationalRecipientIsWrittenInAscii() {
        var bounce = write(Failures.of("грета@пример.test").reason(Reason.NEEDS_SMTPUTF8));
        assertThat(bounce.utf8()).isFalse();
        assertThat(parts(bounce).get(1)).contains("Final-Recipient: utf-8; \\x{433}\\x{440}\\x{435}");
    }

    @Test
    void anInternationalSenderMakesAReportThatNeedsSmtpUtf8() {
        var bounce = write(Failures.of("bob@one.test").from("грета@пример.test"));
        assertThat(bounce.utf8()).isTrue();
        assertThat(headers(bounce)).contains("To: <грета@пример.test>\r\n");
    }
}
