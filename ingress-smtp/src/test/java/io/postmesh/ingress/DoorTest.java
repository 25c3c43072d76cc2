package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdInputStream;
import io.postmesh.contract.MailRecord;
import io.postmesh.ingress.wire.Deadlines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the door promises: a 250 names a mail that is stored, byte for byte; nothing else is stored.
class DoorTest {
    private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 Ok: queued as ([0-9A-Z]{26})");

    private static Doorway door;

    @BeforeAll
    static void open() throws Exception {
        door = Doorway.open(Map.of());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void a250NamesAMailThatIsStoredWithTheVeryBytes() throws Exception {
        var message = "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@demo.test>\r\nFrom: a@demo.test\r\n\r\n"
                + "..leading\r\ntab\t and trailing  \r\n\r\n\u00e9\u00ff\r\n";
        var id = accepted("stored@one.test", message);
        var mail = stored("stored@one.test");
        assertThat(mail.envelope().id().text()).isEqualTo(id);
        var headers = new String(mail.headers().toBytes(), ISO_8859_1);
        assertThat(headers).startsWith("Received: from client.test ([127.0.0.1])\r\n\tby door.test");
        assertThat(headers + body(mail)).endsWith(message.replace("\r\n..", "\r\n."));
    }

    @Test
    void whatIsRefusedIsCountedByHowFarItHadComeAndWhy() throws Exception {
        double hello = door.rejections("hello", "500", "syntax");
        double rcpt = door.rejections("rcpt", "501", "syntax");
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            assertThat(caller.say("HULLO")).startsWith("500 ");
            caller.say("EHLO client.test");
            caller.say("MAIL FROM:<a@demo.test>");
            assertThat(caller.say("RCPT TO:<nobody")).startsWith("501 ");
        }
        assertThat(door.rejections("hello", "500", "syntax") - hello).isEqualTo(1);
        assertThat(door.rejections("rcpt", "501", "syntax") - rcpt).isEqualTo(1);
    }

    @Test
    void aMessageIsTheSameHoweverItIsCutIntoSegments() throws Exception {
        var message = "From: a@demo.test\r\n\r\n" + "line\r\n..dot\r\n".repeat(300);
        accepted("whole@one.test", message);
        var whole = body(stored("whole@one.test"));
        var random = new Random(3);
        for (int round = 0; round < 5; round++) {
            var to = "cut" + round + "@one.test";
            var octets = (message + ".\r\n").getBytes(ISO_8859_1);
            try (var caller = Caller.inData(door.address(), "a@demo.test", to)) {
                for (int at = 0; at < octets.length; ) {
                    int next = Math.min(octets.length, at + 1 + random.nextInt(round == 0 ? 1 : 40));
                    caller.send(octets, at, next);
                    at = next;
                }
                assertThat(caller.reply()).startsWith("250 2.0.0 ");
            }
            assertThat(body(stored(to))).isEqualTo(whole);
        }
    }

    @Test
    void aLargeBodyLiesInTheBlobStoreBeforeThe250() throws Exception {
        var text = new StringBuilder();
        var random = new Random(4);
        while (text.length() < 600_000)
            text.append(Long.toHexString(random.nextLong())).append("\r\n");
        accepted("blob@one.test", "From: a@demo.test\r\n\r\n" + text);
        var mail = stored("blob@one.test");
        assertThat(mail.body().length()).isZero();
        assertThat(mail.envelope().content().body().blob()).isPresent();
        assertThat(body(mail)).isEqualTo(text.toString());
        assertThat(mail.envelope().content().body().sum()).hasValue(sumOfBlob(mail));
    }

    @Test
    void aClientThatHangsUpInTheMiddleOfAMessageStoresNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            var caller = Caller.inData(door.address(), "a@demo.test", "half@one.test");
            caller.send("From: a@demo.test\r\n\r\n" + "half a message\r\n".repeat(i * 1_000));
            caller.hangUp();
        }
        accepted("after-half@one.test", "From: a@demo.test\r\n\r\nx\r\n");
        stored("after-half@one.test");
        assertThat(door.storedFor("half@one.test")).isEmpty();
    }

    // RFC 9293 §3.6: the end of what a client sends is not the end of what it reads.
    @Test
    void whoClosesItsSendingSideAfterTheDotIsToldWhatBecameOfItsMessage() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var caller = Caller.inData(door.address(), "a@demo.test", "finished" + i + "@one.test")) {
                caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\nNOOP\r\n");
                caller.finish();
                assertThat(caller.rest()).matches("250 2\\.0\\.0 Ok: queued as \\w{26}\r\n250 2\\.0\\.0 Ok\r\n");
            }
        }
        stored("finished19@one.test");
    }

    @Test
    void whoSaysAllItHasToSayAndClosesItsSendingSideIsAnsweredInFull() throws Exception {
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO c.test");
            caller.send("RSET\r\nMAIL FROM:<a@demo.test>\r\nRCPT TO:<b@one.test>\r\nVRFY b\r\n");
            caller.finish();
            assertThat(caller.rest().lines().map(line -> line.substring(0, 3)))
                    .containsExactly("250", "250", "250", "252");
        }
    }

    @Test
    void aMessageWhoseClientClosesItsSendingSideBeforeTheDotIsNone() throws Exception {
        try (var caller = Caller.inData(door.address(), "a@demo.test", "unfinished@one.test")) {
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r");
            caller.finish();
            assertThat(caller.rest()).isEmpty();
        }
        accepted("after-unfinished@one.test", "From: a@demo.test\r\n\r\nx\r\n");
        stored("after-unfinished@one.test");
        assertThat(door.storedFor("unfinished@one.test")).isEmpty();
    }

    @Test
    void withRedisGoneMailIsTakenAllTheSame() throws Exception {
        try (var limited = Doorway.open(Map.of("POSTMESH_CLIENT_RATE", "1000/s"))) {
            limited.redis().close();
            try (var caller = Caller.inData(limited.address(), "a@demo.test", "no-redis@one.test")) {
                caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
                assertThat(caller.reply()).startsWith("250 2.0.0 ");
            }
        }
    }

    @Test
    void whoIsSilentForTooLongIsToldAndLeft() throws Exception {
        var hasty = new Deadlines(
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                1_000_000,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofSeconds(1));
        try (var impatient = Doorway.open(Map.of(), hasty);
                var silent = Caller.dial(impatient.address());
                var slow = Caller.inData(impatient.address(), "a@demo.test", "slow@one.test")) {
            silent.reply();
            slow.send("From: a@demo.test\r\n");
            assertThat(silent.rest()).startsWith("421 4.4.2 ");
            assertThat(slow.rest()).startsWith("421 4.4.2 ");
        }
    }

    @Test
    void aStrangersNetworkGetsItsShareOfConnectionsAndNoMore() throws Exception {
        try (var crowded = Doorway.open(Map.of("POSTFIX_mynetworks", "192.0.2.0/24", "POSTMESH_MAX_STRANGERS", "2"))) {
            var callers = new ArrayList<Caller>();
            for (int i = 0; i < 2; i++) {
                var caller = Caller.dial(crowded.address());
                assertThat(caller.reply()).startsWith("220 ");
                callers.add(caller);
            }
            try (var third = Caller.dial(crowded.address())) {
                assertThat(third.reply()).startsWith("421 4.3.2 Too many connections");
            }
            for (var caller : callers) caller.close();
        }
    }

    @Test
    void moreThanTheMemoryForMailInFlightIsPutOff() throws Exception {
        try (var small = Doorway.open(Map.of("POSTMESH_INTAKE_MEMORY", "128KiB"))) {
            var held = List.of(
                    Caller.inData(small.address(), "a@demo.test", "held1@one.test"),
                    Caller.inData(small.address(), "a@demo.test", "held2@one.test"));
            try (var late = Caller.dial(small.address())) {
                var first = late.reply();
                if (first.startsWith("220 ")) {
                    late.say("EHLO client.test");
                    assertThat(late.say("MAIL FROM:<a@demo.test> SIZE=100000")).startsWith("452 4.3.1 ");
                } else {
                    assertThat(first).startsWith("421 4.3.2 Overloaded");
                }
            }
            for (var caller : held) caller.close();
        }
    }

    @Test
    void stoppingTellsIdleClientsAndFinishesTheMessageInHand() throws Exception {
        var stopping = Doorway.open(Map.of());
        try (var idle = Caller.dial(stopping.address());
                var busy = Caller.inData(stopping.address(), "a@demo.test", "last@one.test")) {
            idle.reply();
            busy.send("From: a@demo.test\r\n\r\nx\r\n");
            var end = Thread.ofVirtual().start(() -> {
                try {
                    stopping.service().close();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(idle.rest()).startsWith("421 4.3.2 ");
            busy.send(".\r\n");
            assertThat(busy.reply()).startsWith("250 2.0.0 ");
            assertThat(end.join(Duration.ofSeconds(10))).isTrue();
        } finally {
            stopping.close();
        }
    }

    private static String accepted(String to, String message) throws Exception {
        try (var caller = Caller.inData(door.address(), "a@demo.test", to)) {
            caller.send(message + ".\r\n");
            var reply = QUEUED.matcher(caller.reply());
            assertThat(reply.find()).isTrue();
            return reply.group(1);
        }
    }

    private static MailRecord stored(String to) {
        await().atMost(Duration.ofSeconds(20)).until(() -> door.storedFor(to).size() == 1);
        return door.storedFor(to).getFirst();
    }

    private static int sumOfBlob(MailRecord mail) throws IOException {
        var key = mail.envelope().content().body().blob().orElseThrow();
        try (var blob = new CheckedInputStream(door.blobs().open(key), new CRC32C())) {
            blob.transferTo(OutputStream.nullOutputStream());
            return (int) blob.getChecksum().getValue();
        }
    }

    private static String body(MailRecord mail) throws Exception {
        var blob = mail.envelope().content().body().blob();
        if (blob.isEmpty() && mail.body().length() == 0) return "";
        try (InputStream raw = blob.isPresent()
                ? door.blobs().open(blob.get())
                : new ByteArrayInputStream(mail.body().toBytes())) {
            var octets = raw.readAllBytes();
            boolean zstd = octets.length >= 4 && octets[0] == 0x28 && (octets[1] & 0xff) == 0xb5;
            if (!zstd) return new String(octets, ISO_8859_1);
            try (var in = new ZstdInputStream(new ByteArrayInputStream(octets))) {
                return new String(in.readAllBytes(), ISO_8859_1);
            }
        }
    }
}
