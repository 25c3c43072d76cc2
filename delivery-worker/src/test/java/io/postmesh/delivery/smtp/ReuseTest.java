package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One session serves mail after mail, and a session that is gone costs nobody an attempt.
class ReuseTest {
    @Test
    void aSessionServesOneMailAfterTheOther() {
        try (var sink = SmtpSink.start(new SinkOptions().startTls());
                var bench = Bench.relayTo(sink.port()).open()) {
            for (int i = 0; i < 5; i++) bench.carry(Letters.to("ok@one.test"));
            assertThat(sink.counters().connections()).isEqualTo(1);
            assertThat(sink.inbox().all()).hasSize(5);
        }
    }

    @Test
    void afterItsShareOfMailsItLeaves() {
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).mails(2).open()) {
            for (int i = 0; i < 5; i++) bench.carry(Letters.to("ok@one.test"));
            assertThat(sink.counters().connections()).isEqualTo(3);
            await().until(() -> sink.counters().open() == 1);
        }
    }

    // Else a remote with a limit counts one too many.
    @Test
    void whoseTimeHasComeIsGoneBeforeAnotherConnectionIsMade() throws Exception {
        var second = new CountDownLatch(1);
        var early = new AtomicBoolean();
        try (var peer = Peer.start((number, line) -> {
                    if (number > 1) second.countDown();
                    line.greet("PIPELINING");
                    line.takeMail();
                    if (number == 1 && line.hear().equals("QUIT")) early.set(comes(second));
                    line.say("221 bye\r\n");
                });
                var bench = Bench.relayTo(peer.port()).mails(1).open()) {
            bench.carry(Letters.to("ok@one.test"));
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(peer.connections).hasValue(2);
            assertThat(early).isFalse();
        }
    }

    @Test
    void whatOthersHaveARightToIsGoneWhenTheyAreTold() throws Exception {
        var goodbye = new AtomicBoolean();
        try (var peer = Peer.start((number, line) -> {
                    line.greet("PIPELINING");
                    line.takeMail();
                    if (!line.hear().equals("QUIT")) return;
                    comes(new CountDownLatch(1));
                    goodbye.set(true);
                    line.say("221 bye\r\n");
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            bench.carry(Letters.to("ok@one.test"));
            bench.carrier.letGo("one.test", true);
            assertThat(goodbye).isTrue();
        }
    }

    // Long enough for whoever does not wait.
    private static boolean comes(CountDownLatch what) {
        try {
            return what.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void unusedItLeavesPolitely() {
        try (var sink = SmtpSink.start();
                var bench =
                        Bench.relayTo(sink.port()).idle(Duration.ofMillis(100)).open()) {
            bench.carry(Letters.to("ok@one.test"));
            await().until(() -> sink.counters().open() == 0);
            assertThat(sink.transcripts().all().getFirst().commands()).last().isEqualTo("QUIT");
        }
    }

    @Test
    void closingTheCarrierTakesLeaveOfAll() {
        try (var sink = SmtpSink.start()) {
            try (var bench = Bench.relayTo(sink.port()).open()) {
                bench.carry(Letters.to("ok@one.test"));
                assertThat(sink.counters().open()).isEqualTo(1);
            }
            await().until(() -> sink.counters().open() == 0);
        }
    }

    @Test
    void manyAtOnceGetASessionEach() {
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).open()) {
            var jobs = IntStream.range(0, 200)
                    .mapToObj(i -> Letters.to("ok+" + i + "@one.test").relayed().job())
                    .toList();
            assertThat(bench.carryAll(jobs))
                    .allSatisfy(report -> assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class));
            assertThat(sink.inbox().all()).hasSize(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hangs up", "says 421", "resets", "says nothing and hangs up"})
    void aSessionThatIsGoneWhenTheNextMailComesIsReplaced(String how) {
        try (var peer = Peer.start((number, line) -> {
                    line.greet("PIPELINING");
                    line.takeMail();
                    if (number > 1) line.outlast();
                    if (how.equals("hangs up")) return;
                    line.hear(); // the next mail has been sent already
                    if (how.equals("says 421")) line.say("421 4.4.2 too late\r\n");
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            bench.carry(Letters.to("ok@one.test"));
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(peer.connections).hasValue(2);
        }
    }

    @Test
    void aFreshSessionThatBreaksIsNotReplaced() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet("PIPELINING");
                    line.hear();
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.LOST_CONNECTION);
            assertThat(peer.connections).hasValue(1);
        }
    }

    @Test
    void aTransactionGivenUpIsResetBeforeTheNext() {
        try (var sink = SmtpSink.start();
                var bench = Bench.relayTo(sink.port()).open()) {
            bench.carry(Letters.to("reject-at-data@one.test"));
            bench.carry(Letters.to("ok@one.test"));
            assertThat(sink.transcripts().all().getFirst().commands()).contains("RSET");
            assertThat(sink.inbox().all()).hasSize(1);
        }
    }

    // RFC 2920 §3.1: a server may answer 354 although it took no recipient; then it waits for a dot.
    @Test
    void aRemoteThatTakesDataForNobodyGetsALoneDot() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet("PIPELINING");
                    line.hear();
                    line.hear();
                    line.hear();
                    line.say("250 sender fine\r\n550 5.1.1 nobody\r\n354 go on\r\n");
                    if (!line.hear().equals(".")) return;
                    line.say("554 no valid recipients\r\n");
                    if (!line.hear().equals("RSET")) return;
                    line.say("250 fine\r\n");
                    line.takeMail();
                    line.outlast();
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            var refused = Bench.only(bench.carry(Letters.to("nobody@one.test")));
            assertThat(refused).isInstanceOf(Verdict.Failed.class);
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(peer.connections).hasValue(1);
        }
    }
}
