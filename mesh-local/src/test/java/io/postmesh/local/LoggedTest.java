package io.postmesh.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a real process says on its standard output.
class LoggedTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    Path data;

    @Test
    void everyLineOfARunIsAnObjectAndTheFactsOfAMailAreFoundByItsId() throws Exception {
        try (var sink = SmtpSink.start(new SinkOptions());
                var child = Child.start(data, environment(sink.port()), "run")) {
            int port =
                    Integer.parseInt(child.awaitLine("SMTP on 127.0.0.1:(\\d+)").group(1));
            String reply;
            try (var client = RawClient.connect(new HostPort("127.0.0.1", port))) {
                var message = "From: ann@demo.test\r\ntraceparent: 00-" + TRACE
                        + "-b7ad6b7169203331-01\r\nSubject: logged\r\n\r\nx\r\n";
                reply = client.mail("ann@demo.test", "bob@logged.test", message.getBytes(US_ASCII));
            }
            child.awaitLine("\"fact\":\"delivered\"");
            child.interrupt();
            assertThat(child.await(Duration.ofSeconds(30))).isEqualTo(130); // as a shell tells it of SIGINT

            var lines = child.output().lines().map(JsonObject::new).toList(); // throws where one is none
            assertThat(lines)
                    .allSatisfy(line ->
                            assertThat(line.fieldNames()).contains("@timestamp", "level", "service", "message"));
            assertThat(texts(lines, "message"))
                    .containsOnlyOnce("stopping (by a signal)")
                    .endsWith("stopped");
            var facts = lines.stream().filter(line -> isOf(line, reply)).toList();
            assertThat(texts(facts, "fact")).containsExactlyInAnyOrder("accepted", "cleared", "unsigned", "delivered");
            assertThat(texts(facts, "service")).containsExactlyInAnyOrder("ingress", "policy", "signer", "delivery");
            assertThat(texts(facts, "trace")).containsOnly(TRACE);
            var delivered = facts.stream()
                    .filter(line -> "delivered".equals(line.getString("fact")))
                    .findFirst()
                    .orElseThrow();
            assertThat(delivered.getJsonArray("to")).containsExactly("bob@logged.test");
            assertThat(delivered.getString("reason")).isEqualTo("delivered");
            assertThat(delivered.getString("topic")).isEqualTo("mail.outcomes");
        }
    }

    /// Of a mail that is refused, by a remote that repeats the address, and of the report that follows.
    @Test
    void noServiceNamesAnybodyWhereAddressesAreMaskedNorTheSalt() throws Exception {
        try (var sink = SmtpSink.start(new SinkOptions())) {
            var environment = new HashMap<>(environment(sink.port()));
            environment.put("ANONYMIZE_EMAILS", "hash?salt=s3cret&prefix=~");
            try (var child = Child.start(data, environment, "run")) {
                int port = Integer.parseInt(
                        child.awaitLine("SMTP on 127.0.0.1:(\\d+)").group(1));
                try (var client = RawClient.connect(new HostPort("127.0.0.1", port))) {
                    client.mail(
                            "ann@demo.test",
                            "reject@logged.test",
                            "From: ann@demo.test\r\n\r\nx\r\n".getBytes(US_ASCII));
                }
                child.awaitLine("\"fact\":\"failed\"");
                child.awaitLine("\"fact\":\"delivered\""); // the report
                child.interrupt();
                child.await(Duration.ofSeconds(30));
                assertThat(child.output())
                        .contains("\"from\":\"~", "\"to\":[\"~")
                        .doesNotContain("ann@", "reject@", "@demo.test", "@logged.test", "s3cret");
            }
        }
    }

    private static boolean isOf(JsonObject line, String reply) {
        var mail = line.getString("mail");
        return mail != null && reply.contains(mail);
    }

    private static List<String> texts(List<JsonObject> lines, String name) {
        return lines.stream()
                .map(line -> line.getString(name))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Map<String, String> environment(int relay) {
        return Map.of(
                "POSTMESH_LOG_FORMAT", "json",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                "POSTFIX_myhostname", "logged.demo.test",
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "RELAYHOST", "[127.0.0.1]:" + relay);
    }
}
