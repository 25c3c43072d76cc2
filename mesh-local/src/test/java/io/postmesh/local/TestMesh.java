package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.Domain;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.keys.KeyFolder;
import io.vertx.ext.mail.MailMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A whole mesh in the JVM of the test, with a sink as the rest of the world: Kafka, Redis, sockets, all real.
final class TestMesh implements AutoCloseable {
    /// How long to wait for what takes a second on an idle machine: a test that passes does not wait for it.
    static final Duration SOON = Duration.ofSeconds(60);
    static final String SINK_IS_EVERYWHERE = """
            * MX 10 the-sink
            the-sink A 127.0.0.1
            """;

    private final ServiceRun parts = ServiceRun.named("test-mesh");
    private final DataFolder data;
    private final SmtpSink sink;
    private final Node node;

    private TestMesh(Plan plan) throws Exception {
        var folder = Files.createTempDirectory("test-mesh");
        parts.open(() -> deleteTree(folder));
        try {
            data = parts.open(DataFolder.lock(folder));
            sink = parts.open(SmtpSink.start(plan.sinkOptions));
            var dns = parts.open(ToyDns.start(plan.zone));
            var keys = data.folder("dkim");
            KeyFolder.generate(keys, Domain.parse("demo.test").orElseThrow(), "mail");
            var flags = new HashMap<>(Map.of(
                    "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                    "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                    "POSTMESH_EGRESS", "loopback",
                    "POSTMESH_DNS_SERVERS", "127.0.0.1:" + dns.port(),
                    "POSTMESH_DELIVERY_PORT", Integer.toString(sink.port()),
                    "POSTFIX_myhostname", "mesh.demo.test",
                    "ALLOW_EMPTY_SENDER_DOMAINS", "true"));
            flags.putAll(plan.settings);
            if (plan.relay) flags.put("RELAYHOST", "[127.0.0.1]:" + sink.port());
            var config = NodeConfig.from(Settings.load(flags, Map.of()), data.path());
            node = Node.start(parts.open(ServiceRun.named("postmesh")), config, data);
        } catch (Exception e) {
            parts.close();
            throw e;
        }
    }

    static final class Plan {
        private final Map<String, String> settings = new HashMap<>();
        private SinkOptions sinkOptions = new SinkOptions();
        private String zone = SINK_IS_EVERYWHERE;
        private boolean relay;

        Plan set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        Plan sink(SinkOptions options) {
            sinkOptions = options;
            return this;
        }

        /// The sink is the relay, too.
        Plan relay() {
            relay = true;
            return this;
        }

        Plan zone(String lines) {
            zone = lines;
            return this;
        }

        TestMesh start() throws Exception {
            return new TestMesh(this);
        }
    }

    static Plan with(String name, String value) {
        return new Plan().set(name, value);
    }

    HostPort smtp() {
        return node.smtp();
    }

    HostPort http() {
        return node.http();
    }

    Node node() {
        return node;
    }

    SmtpSink sink() {
        return sink;
    }

    Path keys() throws IOException {
        return data.folder("dkim");
    }

    /// As `./postmesh send` does it.
    Submission.Receipt submit(String from, String... to) throws Exception {
        return submit(new MailMessage()
                .setFrom(from)
                .setTo(java.util.List.of(to))
                .setSubject("a test")
                .setText("text\n"));
    }

    Submission.Receipt submit(MailMessage mail) throws Exception {
        return Submission.send(node.platform().vertx(), smtp(), mail);
    }

    /// Submits raw bytes with our own client and gives the reply to the dot.
    String submitRaw(String from, String to, byte[] message) throws IOException {
        try (var client = RawClient.connect(smtp())) {
            return client.mail(from, to, message);
        }
    }

    Received awaitAtSink(String recipient) {
        return sink.inbox().awaitTo(recipient, SOON);
    }

    @Override
    public void close() {
        parts.close();
    }

    static void deleteTree(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
