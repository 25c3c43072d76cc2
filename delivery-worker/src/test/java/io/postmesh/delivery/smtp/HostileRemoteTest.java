package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Remotes that want our memory, our time, or our trust.
class HostileRemoteTest {
    private static final Map<String, Talk> FLOODS = Map.of(
            "an endless reply", line -> endless(line, "250-more\r\n"),
            "an endless line", line -> endless(line, "250 more and more"),
            "octets without an end", line -> endless(line, "x".repeat(1000)),
            "replies nobody asked for", line -> endless(line, "250 fine\r\n"),
            "a NUL", line -> line.say("250 a\0b\r\n"),
            "no code", line -> line.say("fine by me\r\n"),
            "a code of two digits", line -> line.say("25 fine\r\n"),
            "a code of no class", line -> line.say("650 fine\r\n"),
            "two codes in one reply", line -> line.say("250-fine\r\n550 not fine\r\n"),
            "line feeds alone", line -> endless(line, "250 fine\n"));

    private interface Talk {
        void to(Peer.Line line) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "an endless reply",
                "an endless line",
                "octets without an end",
                "replies nobody asked for",
                "a NUL",
                "no code",
                "a code of two digits",
                "a code of no class",
                "two codes in one reply",
                "line feeds alone"
            })
    void whatIsNotSmtpEndsTheSessionAtOnce(String flood) {
        try (var peer = Peer.start((number, line) -> {
                    line.greet();
                    line.hear();
                    Objects.requireNonNull(FLOODS.get(flood)).to(line);
                    line.outlast();
                });
                var bench = Bench.relayTo(peer.port())
                        .patience(Duration.ofSeconds(15))
                        .open()) {
            long start = System.nanoTime();
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.PROTOCOL);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void anOctetNowAndThenWinsNoTime() {
        try (var peer = Peer.start((number, line) -> {
                    line.say("220 hello\r\n");
                    line.hear();
                    for (int i = 0; i < 1000; i++) {
                        line.say("2".repeat(i == 0 ? 1 : 0) + "x");
                        pause();
                    }
                });
                var bench = Bench.relayTo(peer.port())
                        .patience(Duration.ofSeconds(1))
                        .open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void aRemoteThatReadsNothingHoldsNoMoreThanTwoBlocks() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet();
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("354 go on\r\n");
                    for (int i = 0; i < 100; i++) pause();
                });
                var bench = Bench.relayTo(peer.port())
                        .patience(Duration.ofSeconds(1))
                        .open()) {
            var body = "a line of a mail nobody reads\r\n".repeat(1_500_000);
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test").body(body)))
                            .reason())
                    .isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void aNoInTheMiddleOfTheContentIsHeardAndNoDotFollows() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet();
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("354 go on\r\n");
                    for (int i = 0; i < 10; i++) line.hear();
                    line.say("552 5.3.4 too much\r\n");
                    line.outlast();
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            var body = "a line of a long mail\r\n".repeat(1_500_000);
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test").body(body))))
                    .isInstanceOfSatisfying(
                            Verdict.Failed.class,
                            failed -> assertThat(failed.reply().orElseThrow().code())
                                    .isEqualTo(552));
        }
    }

    @Test
    void aYesBeforeTheDotIsNoYes() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet();
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("250 fine\r\n");
                    line.hear();
                    line.say("354 go on\r\n250 taken, sight unseen\r\n");
                    line.outlast();
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            var body = "a line of a long mail\r\n".repeat(50_000);
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test").body(body)))
                            .reason())
                    .isEqualTo(Reason.PROTOCOL);
        }
    }

    @Test
    void wordsOfARemoteAreKeptShortAndPrintable() {
        try (var peer = Peer.start((number, line) -> {
                    line.greet();
                    line.hear();
                    line.say("550-5.7.1 \u001b[31mno\u0007\r\n" + ("550-5.7.1 " + "w".repeat(900) + "\r\n").repeat(50)
                            + "550 5.7.1 go\r\n");
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))))
                    .isInstanceOfSatisfying(
                            Verdict.Failed.class,
                            failed -> assertThat(failed.reply().orElseThrow().text())
                                    .hasSizeLessThan(1000)
                                    .startsWith("550 5.7.1 ?[31mno? www"));
        }
    }

    private static void endless(Peer.Line line, String text) throws IOException {
        while (true) line.say(text);
    }

    // The remote's slowness is what is tested: nothing of ours waits here.
    private static void pause() {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
