package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RefusedTest {
    private static TestMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = TestMesh.with("ALLOWED_SENDER_DOMAINS", "demo.test other.test").start();
    }

    @AfterAll
    static void stop() throws Exception {
        Signatures.verifyAll(mesh.sink().inbox().all(), mesh.keys());
        mesh.close();
    }

    @Test
    void aSenderOfAnotherDomainIsRefusedInTheDialogue() throws Exception {
        assertThat(mesh.submitRaw("eve@evil.test", "bob@refused.test", letter("eve@evil.test")))
                .startsWith("554 5.7.1 ");
        mesh.submit("ann@demo.test", "bob@refused.test");
        mesh.awaitAtSink("bob@refused.test");
        assertThat(mesh.sink().inbox().all()).noneMatch(mail -> mail.text().contains("evil.test"));
    }

    @Test
    void aSubdomainOfAnAllowedDomainMaySend() throws Exception {
        assertThat(mesh.submitRaw("x@a.b.demo.test", "sub@refused.test", letter("x@a.b.demo.test")))
                .startsWith("250 ");
        mesh.awaitAtSink("sub@refused.test");
    }

    @Test
    void aMailThatHasBeenThroughAHundredHandsIsRefusedAtTheDot() throws Exception {
        var looped = "Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\r\n".repeat(101)
                + new String(letter("ann@demo.test"), US_ASCII);
        assertThat(mesh.submitRaw("ann@demo.test", "loop@refused.test", looped.getBytes(US_ASCII)))
                .startsWith("554 5.4.6 ");
    }

    @Test
    void aFromOfSomebodyElsesDomainIsNotSigned() throws Exception {
        assertThat(mesh.submitRaw("ann@demo.test", "unsigned@refused.test", letter("boss@bank.test")))
                .startsWith("250 ");
        assertThat(mesh.awaitAtSink("unsigned@refused.test").text()).doesNotContain("DKIM-Signature");
    }

    @Test
    void aMailWithoutFromIsRefusedAtTheDot() throws Exception {
        assertThat(mesh.submitRaw("ann@demo.test", "bob@refused.test", "Subject: x\r\n\r\nx\r\n".getBytes(US_ASCII)))
                .startsWith("550 5.6.0 ");
    }

    @Test
    void aClientOutsideTheNetworksMayNotRelay() throws Exception {
        try (var closed = TestMesh.with("POSTFIX_mynetworks", "192.0.2.0/24").start();
                var client = RawClient.connect(closed.smtp())) {
            assertThat(client.say("MAIL FROM:<ann@demo.test>")).startsWith("250 ");
            assertThat(client.say("RCPT TO:<bob@refused.test>")).startsWith("554 5.7.1 ");
        }
    }

    private static byte[] letter(String from) {
        return ("From: " + from + "\r\nSubject: x\r\n\r\nx\r\n").getBytes(US_ASCII);
    }
}
