package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.s3.S3Server;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.settings.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A message is never whole in the heap: four of the largest pass at once through a process that has no room for them.
class LargeMessageTest {
    private static final int OCTETS = 25_000_000;

    @TempDir
    private Path data;

    @Test
    void fourMessagesOf25MegabytesPassAProcessWith160MegabytesOfHeap() throws Exception {
        try (var sink = SmtpSink.start(new SinkOptions().memory(4));
                var mesh = mesh(sink, Map.of())) {
            var server = HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
            var message = message();
            var sent = new ArrayList<FutureTask<String>>();
            for (int i = 0; i < 4; i++) {
                var to = "large" + i + "@large.test";
                var task = new FutureTask<>(() -> {
                    try (var client = RawClient.connect(server)) {
                        return client.mail("ann@demo.test", to, message);
                    }
                });
                sent.add(task);
                Thread.ofVirtual().start(task);
            }
            for (var task : sent) assertThat(task.get()).startsWith("250 2.0.0 ");
            for (int i = 0; i < 4; i++) arrives(sink, "large" + i + "@large.test", message);
            assertThat(mesh.output()).doesNotContain("OutOfMemoryError");
        }
    }

    @Test
    void aLargeBodyIsInTheBucketAndTheSameWhenItArrives() throws Exception {
        try (var server = S3Server.open();
                var sink = SmtpSink.start(new SinkOptions().memory(1));
                var mesh = mesh(sink, server.settings("mesh"))) {
            var door = HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
            var message = message();
            try (var client = RawClient.connect(door)) {
                assertThat(client.mail("ann@demo.test", "large@large.test", message))
                        .startsWith("250 2.0.0 ");
            }
            var objects = server.operator()
                    .listObjectsV2(list -> list.bucket(S3Server.BUCKET).prefix("mesh/"))
                    .contents();
            assertThat(objects)
                    .filteredOn(object -> !object.key().endsWith(BlobStore.MARK))
                    .singleElement()
                    .satisfies(object -> assertThat(object.size()).isGreaterThan(OCTETS / 2));
            arrives(sink, "large@large.test", message);
            assertThat(mesh.output()).doesNotContain(S3Server.SECRET);
        }
    }

    /// It has all this and `more` in its environment.
    private Child mesh(SmtpSink sink, Map<String, String> more) throws IOException {
        var environment = new HashMap<>(Map.of(
                "ALLOW_EMPTY_SENDER_DOMAINS", "true",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                "RELAYHOST", "[127.0.0.1]:" + sink.port()));
        environment.putAll(more);
        return Child.start("-Xmx160m", data, environment, "run");
    }

    private static void arrives(SmtpSink sink, String to, byte[] message) {
        var received = sink.inbox().awaitTo(to, TestMesh.SOON.multipliedBy(2)).message();
        assertThat(Arrays.equals(
                        received, received.length - message.length, received.length, message, 0, message.length))
                .as("the same octets")
                .isTrue();
    }

    // Random, so that compression does not make it small.
    private static byte[] message() {
        var head = "From: ann@demo.test\r\nSubject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var message = new byte[OCTETS];
        System.arraycopy(head, 0, message, 0, head.length);
        var random = new java.util.Random(7);
        int column = 0;
        for (int i = head.length; i < OCTETS; i++) {
            boolean last = i >= OCTETS - 2;
            if (column == 76 || last) message[i] = (byte) (last && i == OCTETS - 1 ? '\n' : '\r');
            else if (column == 77) message[i] = '\n';
            else message[i] = (byte) ('0' + random.nextInt(64));
            column = column >= 77 ? 0 : column + 1;
        }
        return message;
    }
}
