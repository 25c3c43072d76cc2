package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.sink.Received;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.settings.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The promise: what was answered 250 survives kill -9 of the process, wherever in the house it was, and arrives as it
/// came: every signature of what arrived is verified.
@Timeout(600)
class KilledTest {
    private static final int MESSAGES = 20_000; // more than are ever sent: the door is busy, too, when the process dies
    private static final int MANY_ROUNDS = 8;
    private static final Set<String> STAGES = Set.of("mail.accepted", "mail.cleared", "mail.signed", "waiting");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID:\\s*<([^>]+)>");

    @TempDir
    private Path folder;

    private final Set<String> promised = ConcurrentHashMap.newKeySet();
    private final Queue<String> arrivals = new ConcurrentLinkedQueue<>();
    private final Set<String> stagesWithMail = new TreeSet<>();
    private int inDoubt;

    @Test
    void killedUnderLoadWithMailInEveryStageItLosesNothing() throws Exception {
        var options = new SinkOptions().memory(1).folder(mails()).folderKeeps(Integer.MAX_VALUE);
        try (var sink = SmtpSink.start(options)) {
            sink.onReceived(mail -> arrivals.add(messageId(mail)));
            // Some remotes put mail off, so mail waits, too, when the process dies.
            sink.rules().add("* RCPT first 100 450 4.2.0 Not now");
            for (int round = 0; round < 3 || round < MANY_ROUNDS && !stagesWithMail.equals(STAGES); round++)
                killUnderLoad(sink);
            try (var mesh = start(sink)) {
                smtpOf(mesh);
                await().atMost(TestMesh.SOON.multipliedBy(2))
                        .untilAsserted(() -> assertThat(missing()).isEmpty());
                takeStock(mesh);
            }
            assertThat(promised).hasSizeGreaterThan(300);
            assertThat(stagesWithMail)
                    .as("mail was in them when the process died")
                    .isEqualTo(STAGES);
            // A mail may come twice only where a killed process had sent its dot and not yet noted the reply.
            assertThat(arrivals.size() - Set.copyOf(arrivals).size()).isLessThanOrEqualTo(inDoubt);
        }
        Signatures.verifyFolder(mails(), data().resolve("dkim"));
    }

    private void killUnderLoad(SmtpSink sink) throws Exception {
        try (var mesh = start(sink)) {
            var load = Thread.ofVirtual().start(load(smtpOf(mesh)));
            int goal = arrivals.size() + 150;
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(TestMesh.SOON)
                    .until(() -> arrivals.size() >= goal || !load.isAlive());
            mesh.kill();
            load.interrupt();
            load.join();
            takeStock(mesh);
        }
        stagesWithMail.addAll(Backlog.topics(data(), folder.resolve("copy")));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path mails() {
        return folder.resolve("mails");
    }

    private Set<String> missing() {
        var arrived = Set.copyOf(arrivals);
        return promised.stream().filter(id -> !arrived.contains(id)).collect(Collectors.toSet());
    }

    // What the process says it found when it took over: half done, and waiting.
    private void takeStock(Child mesh) {
        inDoubt += sum("in-doubt", mesh);
        if (sum("waiting", mesh) > 0) stagesWithMail.add("waiting");
    }

    private static int sum(String word, Child mesh) {
        return Pattern.compile(word + "=(\\d+)")
                .matcher(mesh.output())
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    private Child start(SmtpSink sink) throws Exception {
        return Child.start(
                data(),
                Map.of(
                        "ALLOWED_SENDER_DOMAINS", "demo.test",
                        "DKIM_AUTOGENERATE", "1",
                        "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                        "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                        "POSTMESH_RETRY_SCHEDULE", "500ms",
                        "RELAYHOST", "[127.0.0.1]:" + sink.port()),
                "run");
    }

    private static HostPort smtpOf(Child mesh) throws InterruptedException {
        return HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
    }

    // Ends when all is sent, or when the server is gone: the generator gives a message up after a while.
    private Runnable load(HostPort server) {
        var plan = new LoadPlan(new InetSocketAddress(server.host(), server.port()))
                .messages(MESSAGES)
                .sessions(10)
                .size(5_000)
                .seed(System.nanoTime());
        return () -> {
            var _ = LoadGen.run(plan, accepted -> promised.add(bare(accepted.messageId())));
        };
    }

    private static String bare(String messageId) {
        return messageId.replaceAll("[<>]", "");
    }

    private static String messageId(Received mail) {
        var found = MESSAGE_ID.matcher(mail.text());
        return found.find() ? found.group(1) : "none";
    }
}
