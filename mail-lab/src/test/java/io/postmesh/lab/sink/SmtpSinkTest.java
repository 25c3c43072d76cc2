package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.lab.dialogue.Dialogue;
import io.postmesh.lab.dialogue.DialogueRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SmtpSinkTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ONE_MAIL = """
            S: 220 *
            R: "EHLO c\\r\\nMAIL FROM:<ann@example.org>\\r\\nRCPT TO:<ok@one.test>\\r\\nDATA\\r\\n"
            S: 250 *
            S: 250 *
            S: 250 *
            S: 354 *
            R: "Subject: hi\\r\\n\\r\\nbody\\r\\n.\\r\\n"
            S: 250 *
            """;

    static List<Dialogue> dialogues() {
        return Dialogue.allIn(Path.of("src/test/dialogues/sink"));
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void keepsToItsDialogues(Dialogue dialogue) {
        try (var sink = SmtpSink.start()) {
            new DialogueRunner(sink.address()).play(dialogue);
        }
    }

    @Test
    void whatWasOnTheWireIsKeptToTheOctet() {
        try (var sink = SmtpSink.start()) {
            play(sink, ONE_MAIL.replace("body", "..two\\r\\n.one\\r\\nbare\\nlf\\n.\\r\\nbare\\rcr\\r.\\r\\nend"));
            var mail = sink.inbox().awaitTo("ok@one.test", SOON);
            assertThat(new String(mail.wire(), US_ASCII))
                    .isEqualTo("Subject: hi\r\n\r\n..two\r\n.one\r\nbare\nlf\n.\r\nbare\rcr\r.\r\nend\r\n");
            assertThat(mail.text()).contains("\r\n.two\r\none\r\n");
            assertThat(mail.flaws()).isEqualTo(new Received.Flaws(2, 2, 1));
            assertThat(mail.sender()).isEqualTo("ann@example.org");
            assertThat(mail.headers().first("subject").orElseThrow().value()).isEqualTo("hi");
            assertThat(sink.transcripts().all().getFirst().pipelined()).isTrue();
        }
    }

    @Test
    void aMessageWithoutItsFinalDotIsNotKept() {
        try (var sink = SmtpSink.start()) {
            play(sink, ONE_MAIL.substring(0, ONE_MAIL.indexOf("R: \"Subject")) + "R: \"x\\r\\n\\n.\\n\"\nSHUT\nCLOSED");
            assertThat(sink.inbox().all()).isEmpty();
            assertThat(sink.counters().messages()).isZero();
        }
    }

    @Test
    void aReplyWithAResetOnItsHeelsMayNotHaveBeenRead() throws IOException {
        try (var sink = SmtpSink.start();
                var client = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
            sink.rules().add("* DOT first 1 reply-reset");
            client.getOutputStream()
                    .write("EHLO c\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<ok@one.test>\r\nDATA\r\nhi\r\n.\r\n"
                            .getBytes(US_ASCII));
            assertThat(sink.inbox().awaitTo("ok@one.test", SOON).answered()).isFalse();
            play(sink, ONE_MAIL);
            assertThat(sink.inbox().await(2, SOON).getLast().answered()).isTrue();
        }
    }

    @Test
    void aRuleMayNameTheAddressTheClientCameTo() throws IOException {
        try (var sink = SmtpSink.start()) {
            var second = InetAddress.getByName("127.1.0.7");
            sink.alsoOn(second);
            sink.rules().add("127.1.0.7 CONNECT 554 5.3.2 Not here");
            play(sink, ONE_MAIL);
            new DialogueRunner(new InetSocketAddress(second, sink.port())).play(Dialogue.parse("here", "S: 554 *"));
        }
    }

    @Test
    void aMailboxThatHangsUpAfterTheDotHasTheMail() {
        try (var sink = SmtpSink.start()) {
            play(sink, ONE_MAIL.replace("ok@", "drop-after-dot@").replaceAll("S: 250 [*]\n$", "CLOSED"));
            assertThat(sink.inbox().awaitTo("drop-after-dot@one.test", SOON).answered())
                    .isFalse();
        }
    }

    @Test
    void rulesMisbehaveAtEveryStage() {
        try (var sink = SmtpSink.start()) {
            for (var stage : List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT")) {
                sink.rules().clear();
                sink.rules().add("* " + stage + " first 1 421 4.3.2 Closing at " + stage);
                assertThatThrownBy(() -> play(sink, ONE_MAIL)).hasMessageContaining("421 4.3.2 Closing at " + stage);
                play(sink, ONE_MAIL); // the rule counted to one
                sink.rules().add("* " + stage + " drop");
                assertThatThrownBy(() -> play(sink, ONE_MAIL)).hasMessageContaining("but the server closed");
            }
        }
    }

    @Test
    void rulesMatchDomains() {
        try (var sink = SmtpSink.start()) {
            sink.rules().add("example.org MAIL 550 5.7.1 Not you");
            sink.rules().add("one.test RCPT 450 4.2.0 Not now");
            assertThatThrownBy(() -> play(sink, ONE_MAIL)).hasMessageContaining("550 5.7.1 Not you");
            assertThatThrownBy(() -> play(sink, ONE_MAIL.replace("example.org", "example.net")))
                    .hasMessageContaining("450 4.2.0 Not now");
            play(sink, ONE_MAIL.replace("example.org", "example.net").replace("one.test", "two.test"));
            assertThatThrownBy(() -> sink.rules().add("one.test LUNCH drop"))
                    .hasMessageContaining("not a stage: LUNCH");
            assertThatThrownBy(() -> sink.rules().add("one.test DOT sulk")).hasMessageContaining("not a behaviour");
        }
    }

    @Test
    void silenceResetGarbageLateAndDripAreWhatTheySay() {
        try (var sink = SmtpSink.start()) {
            var impatient = new DialogueRunner(sink.address(), Duration.ofSeconds(2));
            sink.rules().add("* DOT first 1 silence");
            assertThatThrownBy(() -> impatient.play(Dialogue.parse("silence", ONE_MAIL)))
                    .hasMessageContaining("said nothing for PT2S");
            sink.rules().add("* DOT first 1 reset");
            assertThatThrownBy(() -> play(sink, ONE_MAIL)).hasMessageContaining("closed");
            sink.rules().add("* DOT first 1 garbage");
            assertThatThrownBy(() -> play(sink, ONE_MAIL)).hasMessageContaining("<html>");
            sink.rules().add("* DOT first 1 late 20ms");
            sink.rules().add("* EHLO first 1 drip 1ms");
            play(sink, ONE_MAIL);
        }
    }

    @Test
    void hiddenExtensionsAreNeitherAnnouncedNorTaken() {
        var options = new SinkOptions()
                .hide(Extension.PIPELINING, Extension.EIGHT_BIT_MIME, Extension.SMTPUTF8, Extension.SIZE);
        try (var sink = SmtpSink.start(options)) {
            play(sink, """
                    S: 220 *
                    C: EHLO c
                    S! *PIPELINING*
                    S! *8BITMIME*
                    S! *SIZE*
                    S: 250 ENHANCEDSTATUSCODES
                    C: MAIL FROM:<a@b.test> BODY=8BITMIME
                    S: 555 *
                    C: MAIL FROM:<a@b.test> SIZE=10
                    S: 555 *
                    C: MAIL FROM:<a@b.test>
                    S: 250 *
                    """);
        }
    }

    @Test
    void takesNoMailBeforeTlsAndLogin() {
        var options = new SinkOptions().requireTls().user("ann", "secret");
        try (var sink = SmtpSink.start(options)) {
            play(sink, """
                    S: 220 *
                    C: EHLO c
                    S: 250-STARTTLS
                    S! *AUTH*
                    S: 250 *
                    C: MAIL FROM:<a@b.test>
                    S: 530 5.7.0 *
                    R: "STARTTLS\\r\\nMAIL FROM:<injected@b.test>\\r\\n"
                    S: 220 *
                    TLS
                    C: EHLO c
                    S! *STARTTLS*
                    S: 250 AUTH PLAIN LOGIN
                    C: MAIL FROM:<a@b.test>
                    S: 530 5.7.0 *
                    C: AUTH PLAIN AGFubgB3cm9uZw==
                    S: 535 5.7.8 *
                    C: AUTH LOGIN
                    S: 334 *
                    C: *
                    S: 501 *
                    C: AUTH LOGIN
                    S: 334 VXNlcm5hbWU6
                    C: YW5u
                    S: 334 UGFzc3dvcmQ6
                    C: c2VjcmV0
                    S: 235 2.7.0 *
                    C: MAIL FROM:<a@b.test>
                    S: 250 *
                    C: RCPT TO:<ok@one.test>
                    S: 250 *
                    C: DATA
                    S: 354 *
                    R: "x\\r\\n.\\r\\n"
                    S: 250 *
                    """);
            var mail = sink.inbox().awaitTo("ok@one.test", SOON);
            assertThat(mail.user()).isEqualTo("ann");
            assertThat(mail.tls()).startsWith("TLSv1");
            assertThat(sink.transcripts().all().toString())
                    .contains("AUTH LOGIN")
                    .doesNotContain("c2VjcmV0", "AGFub");
        }
    }

    @Test
    void connectionsAboveTheCapAreSentAway() {
        try (var sink = SmtpSink.start(new SinkOptions().connections(1));
                var first = new java.net.Socket()) {
            first.connect(sink.address());
            assertThat(first.getInputStream().read()).isEqualTo('2');
            play(sink, "S: 421 4.7.0 *\nCLOSED");
            assertThat(sink.counters().mostOpen()).isEqualTo(2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMessageOverTheSizeLimitIsRefusedAtTheDot() {
        try (var sink = SmtpSink.start(new SinkOptions().sizeLimit(1_000))) {
            assertThatThrownBy(() -> play(sink, ONE_MAIL.replace("body", "body\"*500 \"")))
                    .hasMessageContaining("552 5.3.4");
            assertThat(sink.inbox().all()).isEmpty();
        }
    }

    @Test
    void filesAppearWholeUnderBoundedNamesAndTheOldestGo(@TempDir Path folder) throws IOException {
        try (var sink =
                SmtpSink.start(new SinkOptions().countOnly().folder(folder).folderKeeps(2))) {
            for (int i = 0; i < 3; i++) play(sink, ONE_MAIL.replace("ok@", "../" + "x".repeat(300) + i + "@"));
        }
        try (var files = Files.list(folder)) {
            var kept = files.sorted().toList();
            assertThat(kept).hasSize(2).allSatisfy(file -> {
                assertThat(file.getFileName().toString())
                        .matches("[0-9-]+_[^/]{1,60}[.]eml")
                        .hasSizeLessThan(120);
                assertThat(file).content().startsWith("Return-Path: <ann@example.org>\r\nDelivered-To: ../xxx");
                assertThat(file).content().endsWith("Subject: hi\r\n\r\nbody\r\n");
            });
        }
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThatThrownBy(() -> new SinkOptions().listen(new InetSocketAddress("0.0.0.0", 0)))
                .hasMessageContaining("loopback only");
    }

    @Test
    void listensWhereOthersReachItWhenThatIsSaid() {
        var everywhere = new SinkOptions().listenBeyondLoopback(new InetSocketAddress("0.0.0.0", 0));
        try (var sink = SmtpSink.start(everywhere)) {
            assertThat(sink.port()).isPositive();
        }
    }

    @Test
    void anInboxThatWaitsInVainSaysWhatItHas() {
        try (var sink = SmtpSink.start()) {
            play(sink, ONE_MAIL);
            assertThatThrownBy(() -> sink.inbox().await(2, Duration.ofMillis(50)))
                    .hasMessageContaining("wanted 2 mails")
                    .hasMessageContaining("to [ok@one.test]");
        }
    }

    private static void play(SmtpSink sink, String dialogue) {
        new DialogueRunner(sink.address()).play(Dialogue.parse("test", dialogue));
    }
}
