package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Outcome;
import io.postmesh.contract.Topics;
import io.postmesh.runtime.kafka.TopicTail;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedMesh.class)
class AcceptedTest {
    @Test
    void theRemoteGetsTheVeryBytesBelowOurFields(TestMesh mesh) throws Exception {
        var message = """
                From: ann@demo.test\r
                To: bob@accepted.test\r
                Subject: =?utf-8?q?h=C3=A9llo?=\r
                Date: Tue, 24 Nov 2026 10:00:00 +0000\r
                Message-ID: <1@demo.test>\r
                X-Odd:   spaces \t and tabs  \r
                \r
                .a line that begins with a dot\r
                ..two\r
                \r
                trailing spaces   \r
                \r
                \r
                """.getBytes(UTF_8);
        assertThat(mesh.submitRaw("ann@demo.test", "bob@accepted.test", message))
                .startsWith("250 2.0.0 ");
        var received = mesh.awaitAtSink("bob@accepted.test");
        assertThat(received.text()).endsWith(new String(message, UTF_8));
        assertThat(received.sender()).isEqualTo("ann@demo.test");
        var ours = received.text().substring(0, received.text().length() - message.length);
        assertThat(ours.lines().filter(line -> !Character.isWhitespace(line.charAt(0))))
                .allMatch(line -> line.startsWith("DKIM-Signature: ") || line.startsWith("Received: "))
                .hasSize(3);
    }

    @Test
    void aMailWithAsManyFieldsAsTheDoorTakesArrivesSigned(TestMesh mesh) throws Exception {
        var message = "From: ann@demo.test\r\n" + "X: y\r\n".repeat(1_979) + "\r\nHello\r\n";
        assertThat(mesh.submitRaw("ann@demo.test", "fields@accepted.test", message.getBytes(UTF_8)))
                .startsWith("250 2.0.0 ");
        assertThat(mesh.awaitAtSink("fields@accepted.test").text())
                .startsWith("DKIM-Signature: ")
                .endsWith(message);
        var more = message.replace("X: y\r\n\r\n", "X: y\r\nX: y\r\n\r\n");
        assertThat(mesh.submitRaw("ann@demo.test", "fields@accepted.test", more.getBytes(UTF_8)))
                .isEqualTo("550 5.6.0 More than 1980 header fields");
    }

    @Test
    void theReplyNamesTheMailAndTheLedgerSaysWhatTheRemoteSaid(TestMesh mesh) throws Exception {
        var outcomes = new ConcurrentLinkedQueue<Outcome>();
        var kafka = mesh.node().platform().kafka();
        try (var tail = TopicTail.open(kafka, "test", Topics.OUTCOMES, TopicTail.From.NOW, record -> {
            try {
                outcomes.add(LedgerCodec.outcome(java.util.Objects.requireNonNull(record.value())));
            } catch (io.postmesh.contract.BadRecord e) {
                throw new AssertionError(e);
            }
        })) {
            tail.caughtUp().get(10, TimeUnit.SECONDS);
            var receipt = mesh.submit("ann@demo.test", "carol@accepted.test");
            assertThat(receipt.mailId()).hasSize(26);
            await().atMost(TestMesh.SOON)
                    .until(() -> outcomes.stream()
                            .anyMatch(
                                    o -> o.id().text().equals(receipt.mailId()) && o.kind() == Outcome.Kind.DELIVERED));
            var delivered = outcomes.stream()
                    .filter(o -> o.kind() == Outcome.Kind.DELIVERED)
                    .filter(o -> o.id().text().equals(receipt.mailId()))
                    .findFirst()
                    .orElseThrow();
            assertThat(delivered.reply().orElseThrow().text()).startsWith("250 2.0.0 Kept as");
            assertThat(delivered.recipients()).containsExactly("carol@accepted.test");
        }
    }

    @Test
    void aMailWithAnAttachmentLargerThanARecordGoesByTheBlobStore(TestMesh mesh) throws Exception {
        var noise = new byte[1_000_000];
        new java.util.Random(5).nextBytes(noise);
        mesh.submit(new MailMessage()
                .setFrom("ann@demo.test")
                .setTo("large@accepted.test")
                .setSubject("large")
                .setAttachment(MailAttachment.create().setName("noise.bin").setData(Buffer.buffer(noise))));
        var received = mesh.awaitAtSink("large@accepted.test");
        var base64 = received.text().replaceAll("[\r\n]", "");
        assertThat(base64)
                .contains(java.util.Base64.getEncoder().encodeToString(noise).substring(0, 1_000_000));
    }

    @Test
    void mailWithoutDateAndMessageIdGetsBoth(TestMesh mesh) throws Exception {
        var reply = mesh.submitRaw(
                "ann@demo.test", "bare@accepted.test", "From: ann@demo.test\r\n\r\nhello\r\n".getBytes(UTF_8));
        assertThat(reply).startsWith("250");
        var headers = mesh.awaitAtSink("bare@accepted.test").text();
        assertThat(headers).containsPattern("(?m)^Date: ").containsPattern("(?m)^Message-ID: <");
    }

    @Test
    void aMailForManyDomainsReachesEach(TestMesh mesh) throws Exception {
        var to = java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> "many@d" + i + ".accepted.test")
                .toArray(String[]::new);
        mesh.submit("ann@demo.test", to);
        for (var recipient : to) mesh.awaitAtSink(recipient);
    }

    @Test
    void internationalAddressesPassWhereTheRemoteKnowsThem(TestMesh mesh) throws Exception {
        try (var client = RawClient.connect(mesh.smtp())) {
            assertThat(client.say("MAIL FROM:<ann@demo.test> SMTPUTF8 BODY=8BITMIME"))
                    .startsWith("250");
            assertThat(client.say("RCPT TO:<δοκιμή@accepted.test>")).startsWith("250");
            assertThat(client.say("DATA")).startsWith("354");
            assertThat(client.say("From: ann@demo.test\r\nTo: δοκιμή@accepted.test\r\n\r\nok\r\n."))
                    .startsWith("250");
        }
        var received = mesh.awaitAtSink("δοκιμή@accepted.test");
        assertThat(received.parameters()).anyMatch(p -> p.equalsIgnoreCase("SMTPUTF8"));
    }
}
