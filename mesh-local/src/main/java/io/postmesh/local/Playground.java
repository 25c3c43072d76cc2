package io.postmesh.local;

import io.postmesh.embedded.DataFolder;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.mail.Domain;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.keys.KeyFolder;
import io.postmesh.signer.keys.Selectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `dev` puts around a node: a sink that receives for every domain, a name server that says so, a connector that
/// refuses every address but loopback, and DKIM keys for `demo.test`.
final class Playground implements AutoCloseable {
    static final Domain DEMO = Domain.parse("demo.test").orElseThrow();

    // A name of one label: below a domain of mail its existence would hide that domain from the wildcard (RFC 4592).
    private static final String ZONE = """
            * MX 10 postmesh-sink
            postmesh-sink A 127.0.0.1
            """;

    private final SmtpSink sink;
    private final ToyDns dns;
    private final Path inbox;

    private Playground(SmtpSink sink, ToyDns dns, Path inbox) {
        this.sink = sink;
        this.dns = dns;
        this.inbox = inbox;
    }

    static Playground open(DataFolder data) throws IOException {
        var inbox = data.folder("sink");
        var sink = SmtpSink.start(new SinkOptions().memory(0).folder(inbox).startTls());
        try {
            return new Playground(sink, ToyDns.start(ZONE), inbox);
        } catch (RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    SmtpSink sink() {
        return sink;
    }

    /// Where the sink keeps what it received, as .eml files.
    Path inbox() {
        return inbox;
    }

    /// The operator's settings with ours on top: what keeps mail on the machine is not for the environment to change.
    Settings settings(Map<String, String> flags, Map<String, String> env, DataFolder data)
            throws IOException, BadSettings {
        var asked = Settings.load(flags, env);
        refuseRealWork(asked);
        var all = new HashMap<>(flags);
        all.put("POSTMESH_EGRESS", "loopback");
        all.put("POSTMESH_DNS_SERVERS", "127.0.0.1:" + dns.port());
        all.put("POSTMESH_DELIVERY_PORT", Integer.toString(sink.port()));
        all.put("POSTMESH_BLOBS", data.folder("blobs").toString());
        var smtp = free(asked, Listen.SMTP, "127.0.0.1:2525", "");
        all.put(Listen.SMTP, smtp);
        all.put(Listen.HTTP, free(asked, Listen.HTTP, NodeConfig.HTTP, smtp));
        otherwise(
                all,
                asked,
                "POSTMESH_LOG_FILE",
                data.folder("log").resolve("postmesh.log").toString());
        otherwise(all, asked, "POSTFIX_myhostname", DEMO.name());
        if (!asked.isSet("ALLOWED_SENDER_DOMAINS")) otherwise(all, asked, "ALLOW_EMPTY_SENDER_DOMAINS", "true");
        if (!asked.isSet("POSTMESH_DKIM_KEYS")) makeKeys(asked, data);
        return Settings.load(all, env);
    }

    // On somebody's real Kafka lies real mail, and the sink would swallow it.
    private static void refuseRealWork(Settings asked) throws BadSettings {
        if (!asked.isSet("POSTMESH_KAFKA_BOOTSTRAP")) return;
        throw new BadSettings(List.of("POSTMESH_KAFKA_BOOTSTRAP: 'dev' brings its own Kafka, mail of another one would"
                + " end in its sink; unset it, or use './postmesh run'"));
    }

    // A malformed value is passed on as it is: whoever reads it for good complains.
    private static String free(Settings asked, String name, String standard, String promised) throws BadSettings {
        var text = asked.text(name, standard);
        var address = asked.hostPort(name, standard);
        return address.toString().equals(text)
                ? Listen.freeFrom(name, address, promised).toString()
                : text;
    }

    private static void otherwise(Map<String, String> flags, Settings asked, String name, String value) {
        if (!asked.isSet(name)) flags.put(name, value);
    }

    private static void makeKeys(Settings asked, DataFolder data) throws IOException {
        var selectors = asked.parsed("DKIM_SELECTOR", "mail", Selectors::parse);
        var domain = sender(asked);
        KeyFolder.generate(data.folder("dkim"), domain, selectors.rsa(domain));
    }

    /// The domain that the banner's and the welcome mail's senders are of: one that may send.
    static Domain sender(Settings asked) {
        return asked.list("ALLOWED_SENDER_DOMAINS").stream()
                .flatMap(text -> Domain.parse(text).stream())
                .findFirst()
                .orElse(DEMO);
    }

    @Override
    public void close() {
        dns.close();
        sink.close();
    }
}
