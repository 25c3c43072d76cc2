package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What scanners try on an open relay (the sixteen of nmap's smtp-open-relay, and more of their kind): a stranger gets
/// no recipient accepted by any spelling of one, and says nothing that makes it a friend.
class RelayProbesTest {
    private static Doorway door;

    @BeforeAll
    static void open() throws Exception {
        door = Doorway.open(Map.of("POSTFIX_mynetworks", "192.0.2.0/24"));
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|relaytest@outside.test",
                "antispam@outside.test|relaytest@outside.test",
                "antispam@door.test|relaytest@outside.test",
                "antispam@[127.0.0.1]|relaytest@outside.test",
                "antispam@door.test|relaytest%outside.test@[127.0.0.1]",
                "antispam@door.test|relaytest%outside.test@door.test",
                "antispam@door.test|\"relaytest@outside.test\"",
                "antispam@door.test|\"relaytest%outside.test\"",
                "antispam@door.test|relaytest@outside.test@[127.0.0.1]",
                "antispam@door.test|\"relaytest@outside.test\"@[127.0.0.1]",
                "antispam@door.test|relaytest@outside.test@door.test",
                "antispam@door.test|@[127.0.0.1]:relaytest@outside.test",
                "antispam@door.test|@door.test:relaytest@outside.test",
                "antispam@door.test|outside.test!relaytest",
                "antispam@door.test|outside.test!relaytest@[127.0.0.1]",
                "antispam@door.test|outside.test!relaytest@door.test",
                "x@demo.test|relaytest@outside.test",
                "x@localhost|relaytest@outside.test",
                "x|relaytest@outside.test",
                "x@demo.test|relaytest%outside.test@demo.test",
                "x@demo.test|\"relaytest@outside.test\"@demo.test",
                "x@demo.test|@demo.test,@door.test:relaytest@outside.test",
                "x@demo.test|postmaster",
                "x@demo.test|x@demo.test\0.outside.test",
                "x@demo.test|x@DEMO.TEST.",
                "x@demo.test|x@xn--outside-.test",
                "x@demo.test|x@[127.0.0.1]",
                "x@demo.test|x@[IPv6:::1]",
                "x@demo.test|x@demo.test.outside.test"
            })
    void noSpellingOfARecipientIsTaken(String from, String to) throws Exception {
        try (var caller = stranger(door)) {
            caller.say("MAIL FROM:<" + from + ">");
            caller.send(("RCPT TO:<" + to + ">\r\n").getBytes(ISO_8859_1));
            assertThat(caller.reply()).startsWith("5");
            assertThat(caller.say("DATA")).startsWith("5");
        }
        assertThat(door.storedCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO demo.test",
                "EHLO [127.0.0.1]",
                "XCLIENT ADDR=127.0.0.1 LOGIN=admin",
                "XFORWARD ADDR=127.0.0.1",
                "PROXY TCP4 192.0.2.1 127.0.0.1 1 25"
            })
    void noWordMakesAStrangerAFriend(String word) throws Exception {
        try (var caller = stranger(door)) {
            caller.say(word);
            caller.say("MAIL FROM:<x@demo.test>");
            assertThat(caller.say("RCPT TO:<relaytest@outside.test>")).startsWith("554 5.7.1 <[127.0.0.1]>");
        }
    }

    @Test
    void aStrangersMailTakesNoRoomFromThoseWhoMaySend() throws Exception {
        var settings = Map.of("POSTFIX_mynetworks", "192.0.2.0/24", "POSTMESH_INTAKE_MEMORY", "128KiB");
        try (var small = Doorway.open(settings);
                var one = stranger(small);
                var two = stranger(small);
                var three = stranger(small)) {
            for (var caller : List.of(one, two, three)) {
                assertThat(caller.say("MAIL FROM:<x@demo.test> SIZE=100000")).startsWith("250 2.1.0 ");
            }
        }
    }

    private static Caller stranger(Doorway at) throws Exception {
        var caller = Caller.dial(at.address());
        caller.reply();
        caller.say("EHLO scanner.test");
        return caller;
    }
}
