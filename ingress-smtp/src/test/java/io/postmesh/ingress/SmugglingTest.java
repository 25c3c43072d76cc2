package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fake ends of data, as two servers that disagree about line ends would see them (CVE-2023-51764, -51765, -51766,
/// CVE-2023-51747). There is never a second message, and what follows is never run as commands.
class SmugglingTest {
    private static Doorway door;

    @BeforeAll
    static void open() throws Exception {
        door = Doorway.open(Map.of());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\n.\\n",
                "\\n.\\r\\n",
                "\\r\\n.\\n",
                "\\r.\\r",
                "\\r.\\n",
                "\\n.\\r",
                "\\r.\\r\\n",
                "\\r\\n.\\r",
                "\\r\\n\\0.\\r\\n",
                "\\r\\n.\\0\\r\\n",
                "\\r\\n.\\r\\r\\n",
                "\\r\\r\\n.\\r\\r\\n",
                "\\n\\n.\\r\\n",
                "\\r\\n.\\n\\r\\n"
            })
    void aFakeEndOfDataHidesNoSecondMessage(String escaped) throws Exception {
        var end = escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        var id = UUID.randomUUID();
        var to = "victim-" + id + "@one.test";
        var smuggled = "smuggled-" + id + "@one.test";
        try (var caller = Caller.inData(door.address(), "a@demo.test", to)) {
            caller.send("From: a@demo.test\r\n\r\ntext" + end
                    + "MAIL FROM:<b@demo.test>\r\nRCPT TO:<" + smuggled + ">\r\nDATA\r\n"
                    + "From: b@demo.test\r\n\r\nx\r\n.\r\nQUIT\r\n");
            var said = caller.rest();
            assertThat(said).startsWith("550 5.6.");
            assertThat(said).doesNotContain("250 ").doesNotContain("354 ");
        }
        settle();
        assertThat(door.storedFor(to)).isEmpty();
        assertThat(door.storedFor(smuggled)).isEmpty();
    }

    @Test
    void aTrueEndIsFoundWhereverSegmentsAreCut() throws Exception {
        var message = ("From: a@demo.test\r\n\r\n" + "x".repeat(70) + "\r\n.\r\n").getBytes(ISO_8859_1);
        for (int cut = message.length - 5; cut < message.length; cut++) {
            var to = "cut" + cut + "@one.test";
            try (var caller = Caller.inData(door.address(), "a@demo.test", to)) {
                caller.send(message, 0, cut);
                caller.send(message, cut, message.length);
                assertThat(caller.reply()).startsWith("250 2.0.0 ");
                assertThat(caller.say("QUIT")).startsWith("221 ");
            }
            await().untilAsserted(() -> assertThat(door.storedFor(to)).hasSize(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 8192, 16384, 65536})
    void aTrueEndIsFoundAtTheEdgesOfBuffers(int edge) throws Exception {
        for (int off = -2; off <= 2; off++) {
            var to = "edge" + edge + "." + (off + 2) + "@one.test";
            var head = "From: a@demo.test\r\n\r\n";
            var body = new StringBuilder(head);
            while (body.length() < edge + off - 80) body.append("y".repeat(62)).append("\r\n");
            body.append("z".repeat(edge + off - body.length() - 2)).append("\r\n.\r\n");
            try (var caller = Caller.inData(door.address(), "a@demo.test", to)) {
                caller.send(body.toString());
                assertThat(caller.reply()).startsWith("250 2.0.0 ");
                assertThat(caller.say("NOOP")).startsWith("250 ");
            }
            await().untilAsserted(() -> assertThat(door.storedFor(to)).hasSize(1));
        }
    }

    // Whatever was stored before this mail is in the topic when it is.
    private static void settle() throws Exception {
        var marker = "marker-" + UUID.randomUUID() + "@one.test";
        try (var caller = Caller.inData(door.address(), "a@demo.test", marker)) {
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
            assertThat(caller.reply()).startsWith("250 ");
        }
        await().untilAsserted(() -> assertThat(door.storedFor(marker)).hasSize(1));
    }
}
