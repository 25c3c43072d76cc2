package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postmesh.lab.disk.SmallDisk;
import io.postmesh.lab.load.LoadGen;
import io.postmesh.lab.load.LoadPlan;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.settings.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One node whose disk something else fills to the last octet.
@Timeout(300)
class FullDiskTest {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID:\\s*(<[^>]+>)");
    private static final Duration END = Duration.ofSeconds(30);

    private final Set<String> promised = ConcurrentHashMap.newKeySet();
    private final Set<String> arrived = ConcurrentHashMap.newKeySet();

    @Test
    void theProcessEndsWithALineThatNamesTheDiskAndGoesOnWhenThereIsRoomAgain() throws Exception {
        var mounted = SmallDisk.mount(192);
        assumeTrue(mounted.isPresent(), "a small file system cannot be mounted here (it takes root)");
        try (var disk = mounted.get();
                var sink = SmtpSink.start(new SinkOptions().memory(10_000))) {
            sink.onReceived(mail -> arrived.add(messageId(mail.text())));
            sink.rules().add("* RCPT first 40 450 4.2.0 Not now"); // so mail waits when the disk is full
            try (var mesh = start(disk, sink)) {
                load(smtpOf(mesh), 100);
                assertThat(promised).hasSize(100);
                disk.leave(0);
                load(smtpOf(mesh), 20);
                assertThat(mesh.await(END)).isEqualTo(1);
                assertThat(mesh.output()).contains("the embedded Kafka gave up", "0 MiB free of 192 MiB");
            }
            disk.leave(0); // what the dead process had set aside is free again
            try (var mesh = start(disk, sink)) {
                assertThat(mesh.await(END)).isEqualTo(1);
                assertThat(mesh.output()).contains("0 MiB free of 192 MiB").doesNotContain("defect");
            }
            disk.takeBack();
            try (var mesh = start(disk, sink)) {
                load(smtpOf(mesh), 10);
                await().atMost(TestMesh.SOON.multipliedBy(2))
                        .untilAsserted(() -> assertThat(arrived).containsAll(promised));
            }
            assertThat(promised).hasSizeGreaterThanOrEqualTo(110);
        }
    }

    // The floor is tested where it is kept (ingress-smtp); here it would refuse mail before anything happens.
    private static Child start(SmallDisk disk, SmtpSink sink) throws Exception {
        return Child.start(
                disk.folder().resolve("data"),
                Map.of(
                        "ALLOWED_SENDER_DOMAINS", "demo.test",
                        "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                        "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                        "POSTMESH_RETRY_SCHEDULE", "500ms",
                        "POSTMESH_FREE_SPACE", "0",
                        "RELAYHOST", "[127.0.0.1]:" + sink.port()),
                "run");
    }

    private static HostPort smtpOf(Child mesh) throws InterruptedException {
        return HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
    }

    private void load(HostPort server, int messages) throws Exception {
        var plan = new LoadPlan(new InetSocketAddress(server.host(), server.port()))
                .messages(messages)
                .sessions(4)
                .size(20_000)
                .seed(System.nanoTime());
        var load = Thread.ofVirtual().start(() -> {
            var _ = LoadGen.run(plan, accepted -> promised.add(accepted.messageId()));
        });
        load.join(Duration.ofSeconds(20));
        load.interrupt(); // the server may be gone
        load.join();
    }

    private static String messageId(String text) {
        var found = MESSAGE_ID.matcher(text);
        return found.find() ? found.group(1) : "none";
    }
}
