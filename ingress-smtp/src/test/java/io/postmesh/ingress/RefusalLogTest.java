package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What the log says of mail that was not taken: the line is there when the client has its answer.
class RefusalLogTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    private static final String CLIENT = "not queued client=127.0.0.1 hello=client.test ";

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        LOG.addAppender(said);
    }

    @AfterEach
    void forget() {
        LOG.detachAppender(said);
    }

    @Test
    void eachRefusalIsALineWithWhatIsKnownOfTheEnvelope() throws Exception {
        try (var door = Doorway.open(Map.of());
                var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO client.test");
            caller.say("MAIL FROM:<ann@demo.test> SIZE=99999999");
            caller.say("MAIL FROM:<gr" + new String("\u00fc".getBytes(UTF_8), ISO_8859_1) + "n@demo.test>");
            caller.say("MAIL FROM:<eve@elsewhere.test>");
            caller.say("RCPT TO:<bob@one.test>");
            caller.say("DATA"); // refused, too, and no news
            caller.say("RSET");
            caller.say("MAIL FROM:<ann@demo.test>");
            for (var to : List.of("a", "b", "c", "d")) caller.say("RCPT TO:<" + to + "@one.test>");
            caller.say("DATA");
            caller.send("Subject: no From\r\n\r\nx\r\n.\r\n");
            assertThat(caller.reply()).startsWith("550 ");
        }
        assertThat(lines())
                .hasSize(4)
                .satisfiesExactly(
                        size -> assertThat(size)
                                .isEqualTo(CLIENT + "from=<ann@demo.test>"
                                        + " reply=\"552 5.3.4 Message size exceeds fixed limit\" reason=size"),
                        utf8 -> assertThat(utf8)
                                .isEqualTo(CLIENT + "from=<gr\\u00fcn@demo.test>"
                                        + " reply=\"553 5.6.7 Address needs SMTPUTF8\" reason=recipient"),
                        sender -> assertThat(sender)
                                .isEqualTo(CLIENT + "from=<eve@elsewhere.test> to=bob@one.test reply=\"554 5.7.1"
                                        + " <eve@elsewhere.test>: Sender address rejected: Access denied\""
                                        + " reason=sender"),
                        dot -> assertThat(dot)
                                .startsWith(CLIENT + "from=<ann@demo.test> to=a@one.test,b@one.test,c@one.test"
                                        + " recipients=4 reply=\"550 5.6.0 ")
                                .endsWith("\" reason=content"));
    }

    @Test
    void aSenderIsOneWordWhetherItsMailIsTakenOrNot() throws Exception {
        var accepted = (Logger) LoggerFactory.getLogger("io.postmesh.ingress.intake.Acceptance");
        accepted.addAppender(said);
        try (var door = Doorway.open(Map.of());
                var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO client.test");
            caller.say("MAIL FROM:<\"x fact=delivered to=victim\"@demo.test> SIZE=99999999");
            caller.say("MAIL FROM:<\"x fact=delivered to=victim\"@demo.test>");
            caller.say("RCPT TO:<bob@one.test>");
            caller.say("DATA");
            caller.send("From: ann@demo.test\r\n\r\nx\r\n.\r\n");
            assertThat(caller.reply()).startsWith("250 ");
        } finally {
            accepted.detachAppender(said);
        }
        assertThat(lines())
                .hasSize(2)
                .allMatch(line -> line.contains(" from=<\"x\\u0020fact=delivered\\u0020to=victim\"@demo.test> "));
    }

    @Test
    void ofAFloodTheFirstAreLinesAndTheRestIsANumber() throws Exception {
        try (var door = Doorway.open(Map.of());
                var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO client.test");
            for (int mail = 0; mail < 3; mail++) { // after twenty errors in a row a session ends, so mail comes between
                for (int i = 0; i < 10; i++) caller.say("MAIL FROM:<ann@demo.test> SIZE=99999999");
                caller.say("MAIL FROM:<ann@demo.test>");
                caller.say("RCPT TO:<bob@one.test>");
                caller.say("DATA");
                caller.send("From: ann@demo.test\r\n\r\nx\r\n.\r\n");
                assertThat(caller.reply()).startsWith("250 ");
            }
        }
        assertThat(lines()).hasSize(LineQuota.EACH + 1).last().isEqualTo("not queued: 10 more of 127.0.0.1");
    }

    private List<String> lines() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
