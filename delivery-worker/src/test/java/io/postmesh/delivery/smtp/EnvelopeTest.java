package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.Extension;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a remote can take, and in what form: SIZE, 8BITMIME, SMTPUTF8, the null sender.
class EnvelopeTest {
    private SmtpSink sink = SmtpSink.start();

    @AfterEach
    void stop() {
        sink.close();
    }

    private Bench bench(SinkOptions options) {
        sink.close();
        sink = SmtpSink.start(options);
        return Bench.relayTo(sink.port()).open();
    }

    @Test
    void whatIsTooLargeIsNotEvenOffered() {
        try (var bench = bench(new SinkOptions().sizeLimit(1000))) {
            assertFailed(bench, Letters.to("ok@one.test").body("x".repeat(2000) + "\r\n"), Reason.TOO_LARGE);
            assertThat(sink.transcripts().all().getFirst().commands()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @Test
    void theSizeIsDeclared() {
        try (var bench = bench(new SinkOptions())) {
            bench.carry(Letters.to("ok@one.test").body(".dots count once\r\n"));
            int size = Letters.HEADERS.length() + 18;
            assertThat(sink.inbox().all().getFirst().parameters()).containsExactly("SIZE=" + size);
        }
    }

    @Test
    void eightBitMailIsDeclared() {
        try (var bench = bench(new SinkOptions().hide(Extension.SIZE))) {
            bench.carry(Letters.to("ok@one.test")
                    .body("gr\u00fc\u00dfe\r\n".getBytes(ISO_8859_1))
                    .eightBit());
            var mail = sink.inbox().all().getFirst();
            assertThat(mail.parameters()).containsExactly("BODY=8BITMIME");
            assertThat(new String(mail.message(), ISO_8859_1)).endsWith("gr\u00fc\u00dfe\r\n");
        }
    }

    @Test
    void withoutEightBitMimeItBouncesBodiesAreNeverConverted() {
        try (var bench = bench(new SinkOptions().hide(Extension.EIGHT_BIT_MIME))) {
            assertFailed(bench, Letters.to("ok@one.test").body("grüße\r\n").eightBit(), Reason.NEEDS_8BITMIME);
        }
    }

    @Test
    void theNullSenderIsNull() {
        try (var bench = bench(new SinkOptions())) {
            bench.carry(Letters.to("ok@one.test").from(""));
            assertThat(sink.inbox().all().getFirst().sender()).isEmpty();
        }
    }

    @Test
    void anInternationalAddressTravelsWithSmtpUtf8() {
        try (var bench = bench(new SinkOptions().hide(Extension.SIZE))) {
            bench.carry(Letters.to("грета@пример.test"));
            var mail = sink.inbox().all().getFirst();
            assertThat(mail.recipients()).containsExactly("грета@пример.test");
            assertThat(mail.parameters()).containsExactly("SMTPUTF8");
        }
    }

    @Test
    void withoutSmtpUtf8OnlyTheRecipientThatNeedsItFails() {
        try (var bench = bench(new SinkOptions().hide(Extension.SMTPUTF8))) {
            var report = bench.carry(Letters.to("грета@пример.test", "ok@one.test"));
            assertThat(Bench.of(report, 0)).isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
                assertThat(failed.reason()).isEqualTo(Reason.NEEDS_SMTPUTF8);
                assertThat(failed.scope()).isEqualTo(Scope.RECIPIENT);
            });
            assertThat(Bench.of(report, 1)).isInstanceOf(Verdict.Delivered.class);
        }
    }

    @Test
    void aSenderOrContentThatNeedsItFailsForAll() {
        try (var bench = bench(new SinkOptions().hide(Extension.SMTPUTF8))) {
            assertFailed(bench, Letters.to("ok@one.test").from("грета@пример.test"), Reason.NEEDS_SMTPUTF8);
            assertFailed(bench, Letters.to("ok@one.test").smtpUtf8(), Reason.NEEDS_SMTPUTF8);
        }
    }

    @Test
    void anInternationalDomainAloneGoesAsALabels() {
        try (var bench = bench(new SinkOptions().hide(Extension.SMTPUTF8))) {
            bench.carry(Letters.to("ok@bücher.test"));
            assertThat(sink.inbox().all().getFirst().recipients()).containsExactly("ok@xn--bcher-kva.test");
        }
    }

    @Test
    void asciiAddressesGoAsTheClientWroteThem() {
        try (var bench = bench(new SinkOptions())) {
            bench.carry(Letters.to("Ok@ONE.Test"));
            assertThat(sink.inbox().all().getFirst().recipients()).containsExactly("Ok@ONE.Test");
        }
    }

    @Test
    void aServerFromBeforeEhloIsSpokenToInItsWay() {
        try (var bench = bench(new SinkOptions())) {
            sink.rules().add("* EHLO 502 5.5.1 what?");
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(sink.transcripts().all().getFirst().commands())
                    .startsWith("EHLO mx.postmesh.test", "HELO mx.postmesh.test", "MAIL FROM:<ann@sender.test>");
        }
    }

    @Test
    void pipeliningSendsTheWholeEnvelopeAtOnce() {
        try (var bench = bench(new SinkOptions())) {
            bench.carry(Letters.to("ok@one.test", "ok@two.test"));
            assertThat(sink.transcripts().all().getFirst().pipelined()).isTrue();
        }
    }

    private static void assertFailed(Bench bench, Letters letters, Reason reason) {
        assertThat(Bench.only(bench.carry(letters))).isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.reply()).isEmpty();
        });
    }
}
