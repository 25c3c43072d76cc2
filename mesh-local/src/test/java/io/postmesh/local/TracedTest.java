package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.lab.otlp.ReceivedSpan;
import io.postmesh.lab.otlp.SpanReceiver;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TracedTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c8031";
    private static final String CLIENT_SPAN = "b7ad6b7169203331";

    private static SpanReceiver receiver;
    private static TestMesh mesh;

    @BeforeAll
    static void open() throws Exception {
        receiver = SpanReceiver.open();
        mesh = TestMesh.with("POSTMESH_RETRY_SCHEDULE", "300ms")
                .set("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint().toString())
                .set("POSTMESH_TRACE_RATIO", "0 always.test=1")
                .set("POSTMESH_CONNECTION_MESSAGES", "1") // every attempt greets
                .start();
    }

    @AfterAll
    static void close() {
        mesh.close();
        receiver.close();
    }

    @Test
    void oneMessageIsOneTraceFromTheClientsSpanToTheRemotes250() throws Exception {
        submit("ann@demo.test", "bob@traced.test", TRACE + "01", "01");
        var attempt = awaitSpan(TRACE + "01", "attempt");
        var sign = span(TRACE + "01", "sign");
        var policy = span(TRACE + "01", "policy");
        var accept = span(TRACE + "01", "accept");
        assertThat(receiver.trace(TRACE + "01")).hasSize(4);
        assertThat(accept.parent()).isEqualTo(CLIENT_SPAN);
        assertThat(policy.parent()).isEqualTo(accept.id());
        assertThat(sign.parent()).isEqualTo(policy.id());
        assertThat(attempt.parent()).isEqualTo(sign.id());
        assertThat(Stream.of(accept, policy, sign, attempt).map(ReceivedSpan::kind))
                .containsExactly("SERVER", "CONSUMER", "CONSUMER", "CLIENT");
        assertThat(policy.attributes())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.destination.name", "mail.accepted")
                .containsEntry("postmesh.verdict", "clear");
        assertThat(sign.attributes().get("postmesh.signed")).contains("rsa-sha256");
        assertThat(attempt.attributes())
                .containsEntry("postmesh.attempt", "1")
                .containsEntry("postmesh.delivered", "1")
                .containsEntry("smtp.reply.code", "250")
                .containsEntry("postmesh.destination", "traced.test");
        assertThat(attempt.failed()).isFalse();
        assertThat(attempt.events().stream().map(ReceivedSpan.Event::name))
                .containsSubsequence("connected", "BANNER", "HELLO", "MAIL", "RCPT", "DATA", "dot", "CONTENT");
        assertThat(Stream.of(accept, policy, sign, attempt)
                        .map(span -> span.attributes().get("postmesh.mail.id"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aRetryIsATraceOfItsOwnLinkedToTheMessages() throws Exception {
        submit("ann@demo.test", "greylist+1@traced.test", TRACE + "02", "01");
        var first = awaitSpan(TRACE + "02", "attempt");
        assertThat(first.failed()).isTrue();
        assertThat(first.attributes()).containsEntry("postmesh.deferred", "1").containsKey("error.type");
        var retry = await().atMost(TestMesh.SOON).until(() -> linkedTo(TRACE + "02"), found -> !found.isEmpty());
        assertThat(retry).hasSize(1);
        assertThat(retry.getFirst().name()).isEqualTo("attempt");
        assertThat(retry.getFirst().trace()).isNotEqualTo(TRACE + "02");
        assertThat(retry.getFirst().attributes())
                .containsEntry("postmesh.attempt", "2")
                .containsEntry("postmesh.delivered", "1")
                .containsEntry("postmesh.mail.id", first.attributes().get("postmesh.mail.id"));
    }

    @Test
    void aReportIsATraceOfItsOwnLinkedToTheMessages() throws Exception {
        submit("ann@demo.test", "reject@traced.test", TRACE + "03", "01");
        var failed = awaitSpan(TRACE + "03", "attempt");
        assertThat(failed.attributes()).containsEntry("postmesh.failed", "1").containsEntry("smtp.reply.code", "550");
        var report = await().atMost(TestMesh.SOON)
                .until(() -> linkedTo(TRACE + "03"), found -> !found.isEmpty())
                .getFirst();
        assertThat(report.name()).isEqualTo("report");
        assertThat(report.attributes())
                .containsEntry("postmesh.reported.mail.id", failed.attributes().get("postmesh.mail.id"));
        awaitSpan(report.trace(), "attempt"); // the report's own way
        assertThat(receiver.trace(report.trace()).stream().map(ReceivedSpan::name))
                .contains("report", "policy", "sign", "attempt");
    }

    @Test
    void aSenderWithARatioOfItsOwnIsSampledAndOthersAreNot() throws Exception {
        submit("ann@demo.test", "quiet@traced.test", TRACE + "04", "00"); // the client's mark holds
        mesh.submit("ann@demo.test", "quiet@traced.test");
        mesh.submit("ann@sub.always.test", "always@traced.test");
        await().atMost(TestMesh.SOON)
                .until(() -> receiver.spans().stream()
                        .filter(span -> span.name().equals("attempt"))
                        .anyMatch(
                                span -> span.links().isEmpty() && !span.trace().startsWith(TRACE)));
        assertThat(receiver.trace(TRACE + "04")).isEmpty();
    }

    @Test
    void whatIsNoTraceContextIsIgnoredAndCounted() throws Exception {
        var before = malformed();
        var reply = mesh.submitRaw(
                "ann@demo.test",
                "bob@traced.test",
                ("From: ann@demo.test\r\ntraceparent: 00-rubbish\r\n\r\nx\r\n").getBytes(US_ASCII));
        assertThat(reply).startsWith("250");
        assertThat(malformed()).isEqualTo(before + 1);
    }

    @Test
    void whatIsCountedForASampledMailLeadsToATrace() throws Exception {
        submit("ann@demo.test", "bob@traced.test", TRACE + "06", "01");
        for (var name : List.of(
                "postmesh_accept_duration_seconds",
                "postmesh_message_time_to_first_attempt_seconds",
                "postmesh_message_time_to_delivered_seconds"))
            await().atMost(TestMesh.SOON)
                    .until(() -> Scrape.withExemplars(mesh)
                            .text()
                            .lines()
                            .anyMatch(line -> line.startsWith(name + "_bucket{")
                                    && line.contains("# {")
                                    && line.contains("trace_id=")));
    }

    @Test
    void noSpanKnowsAnAddress() throws Exception {
        submit("ann@demo.test", "reject@traced.test", TRACE + "05", "01");
        awaitSpan(TRACE + "05", "attempt");
        assertThat(receiver.spans()).allSatisfy(span -> {
            assertThat(span.attributes().values()).noneMatch(value -> value.contains("@"));
            assertThat(span.events())
                    .allSatisfy(
                            event -> assertThat(event.attributes().values()).noneMatch(value -> value.contains("@")));
        });
    }

    private static double malformed() {
        return mesh.node()
                .platform()
                .meters()
                .get("postmesh_ingress_traceparents_total")
                .tag("fate", "malformed")
                .counter()
                .count();
    }

    private static void submit(String from, String to, String trace, String flags) throws Exception {
        var message = "From: " + from + "\r\nTraceparent: 00-" + trace + "-" + CLIENT_SPAN + "-" + flags
                + "\r\nSubject: traced\r\n\r\nx\r\n";
        assertThat(mesh.submitRaw(from, to, message.getBytes(US_ASCII))).startsWith("250");
    }

    // The last span of a trace: those before it have ended before it began.
    private static ReceivedSpan awaitSpan(String trace, String name) {
        return await().atMost(TestMesh.SOON.toSeconds(), TimeUnit.SECONDS)
                .until(() -> spans(trace, name), found -> !found.isEmpty())
                .getFirst();
    }

    private static ReceivedSpan span(String trace, String name) {
        return spans(trace, name).getFirst();
    }

    private static List<ReceivedSpan> spans(String trace, String name) {
        return receiver.trace(trace).stream()
                .filter(span -> span.name().equals(name))
                .toList();
    }

    private static List<ReceivedSpan> linkedTo(String trace) {
        return receiver.spans().stream()
                .filter(span -> span.links().contains(trace))
                .toList();
    }
}
