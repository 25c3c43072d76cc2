package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Scope;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.Extension;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole mails to a whole sink.
class CarrierTest {
    private SmtpSink sink = SmtpSink.start();

    @AfterEach
    void stop() {
        sink.close();
    }

    private void sink(SinkOptions options) {
        sink.close();
        sink = SmtpSink.start(options);
    }

    @Test
    void aMailArrivesAsItWasAndTheReportSaysWhere() {
        try (var bench = Bench.relayTo(sink.port()).open()) {
            var report = bench.carry(Letters.to("ok@one.test").body(".dots\r\n..\r\n.\r\nend\r\n"));

            assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class);
            assertThat(report.remote()).isEqualTo("127.0.0.1[127.0.0.1]:" + sink.port());
            assertThat(report.tls()).isEmpty();
        }
        var mail = sink.inbox().all().getFirst();
        assertThat(mail.text()).isEqualTo(Letters.HEADERS + ".dots\r\n..\r\n.\r\nend\r\n");
        assertThat(mail.flaws().none()).isTrue();
        assertThat(mail.sender()).isEqualTo("ann@sender.test");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachRecipientGetsItsOwnVerdict(boolean pipelining) {
        if (!pipelining) sink(new SinkOptions().hide(Extension.PIPELINING));
        try (var bench = Bench.relayTo(sink.port()).open()) {
            var report = bench.carry(Letters.to(
                    "ok@one.test", "reject@one.test", "tempfail@one.test", "greylist@one.test", "code-552@one.test"));

            assertThat(Bench.positions(report)).containsExactly(0, 1, 2, 3, 4);
            assertThat(Bench.of(report, 0)).isInstanceOf(Verdict.Delivered.class);
            assertThat(Bench.of(report, 1)).isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
                assertThat(failed.scope()).isEqualTo(Scope.RECIPIENT);
                assertThat(failed.reply().orElseThrow().text()).startsWith("550 5.1.1");
            });
            assertThat(Bench.of(report, 2).reason()).isEqualTo(Reason.PUT_OFF);
            assertThat(Bench.of(report, 3).reason()).isEqualTo(Reason.GREYLISTED);
            assertThat(Bench.of(report, 4)).isInstanceOf(Verdict.Deferred.class);
        }
        assertThat(sink.inbox().all())
                .singleElement()
                .satisfies(mail -> assertThat(mail.recipients()).containsExactly("ok@one.test"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenNoRecipientIsTakenTheSessionSurvives(boolean pipelining) {
        if (!pipelining) sink(new SinkOptions().hide(Extension.PIPELINING));
        try (var bench = Bench.relayTo(sink.port()).open()) {
            var refused = bench.carry(Letters.to("reject@one.test", "tempfail@one.test"));
            var next = bench.carry(Letters.to("ok@one.test"));

            assertThat(Bench.of(refused, 0)).isInstanceOf(Verdict.Failed.class);
            assertThat(Bench.of(refused, 1)).isInstanceOf(Verdict.Deferred.class);
            assertThat(Bench.only(next)).isInstanceOf(Verdict.Delivered.class);
        }
        assertThat(sink.inbox().all())
                .singleElement()
                .satisfies(mail -> assertThat(mail.connection()).isEqualTo(1));
    }

    @Test
    void aLargeMailGoesInBlocksAndArrivesToTheOctet() {
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.length() < 3_000_000)
            text.append(".".repeat(random.nextInt(3)))
                    .append("x".repeat(random.nextInt(90)))
                    .append("\r\n");
        try (var bench = Bench.relayTo(sink.port()).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test").body(text.toString()))))
                    .isInstanceOf(Verdict.Delivered.class);
        }
        var mail = sink.inbox().all().getFirst();
        assertThat(mail.message()).isEqualTo((Letters.HEADERS + text).getBytes(UTF_8));
        assertThat(mail.flaws().none()).isTrue();
    }
}
