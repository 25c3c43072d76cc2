package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.s3.S3Server;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.settings.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// From the 250 on a body is its mail's, whatever becomes of the store: two whole bodies of one length change places.
class ExchangedBodiesTest {
    private static final int OCTETS = 1_000_000;

    @TempDir
    private Path data;

    @Test
    void nobodyIsSentTheBodyOfAnotherMail() throws Exception {
        try (var server = S3Server.open();
                var sink = SmtpSink.start(new SinkOptions().memory(10));
                var mesh = Child.start(data, environment(server, sink), "run")) {
            sink.rules().add("* RCPT 450 4.2.0 Not now");
            var door = HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
            accepted(door, "one@blob.test", message(1));
            accepted(door, "two@blob.test", message(2));
            var keys = blobs(server.operator());
            assertThat(keys).hasSize(2);

            exchange(server.operator(), keys);
            sink.rules().clear();
            for (var key : keys) {
                var name = key.substring(key.lastIndexOf('/') + 1);
                mesh.awaitLine("blob=" + name + " reason=blob_damaged");
            }
            assertThat(sink.inbox().all()).isEmpty();

            exchange(server.operator(), keys);
            arrives(sink, "one@blob.test", message(1));
            arrives(sink, "two@blob.test", message(2));
        }
    }

    private static Map<String, String> environment(S3Server server, SmtpSink sink) {
        var environment = new HashMap<>(server.settings("mesh"));
        environment.putAll(Map.of(
                "ALLOW_EMPTY_SENDER_DOMAINS", "true",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                "RELAYHOST", "[127.0.0.1]:" + sink.port(),
                "POSTMESH_RETRY_SCHEDULE", "1s"));
        return environment;
    }

    private static void accepted(HostPort door, String to, byte[] message) throws Exception {
        try (var client = RawClient.connect(door)) {
            assertThat(client.mail("ann@demo.test", to, message)).startsWith("250 2.0.0 ");
        }
    }

    private static List<String> blobs(S3Client operator) {
        return operator.listObjectsV2(list -> list.bucket(S3Server.BUCKET).prefix("mesh/")).contents().stream()
                .map(S3Object::key)
                .filter(key -> !key.endsWith(BlobStore.MARK))
                .toList();
    }

    private static void exchange(S3Client operator, List<String> keys) {
        var bodies = keys.stream().map(key -> object(operator, key)).toList();
        put(operator, keys.get(0), bodies.get(1));
        put(operator, keys.get(1), bodies.get(0));
    }

    private static byte[] object(S3Client operator, String key) {
        ResponseBytes<?> bytes =
                operator.getObjectAsBytes(get -> get.bucket(S3Server.BUCKET).key(key));
        return bytes.asByteArray();
    }

    private static void put(S3Client operator, String key, byte[] bytes) {
        operator.putObject(put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    private static void arrives(SmtpSink sink, String to, byte[] message) {
        var received = sink.inbox().awaitTo(to, TestMesh.SOON.multipliedBy(2)).message();
        assertThat(Arrays.copyOfRange(received, received.length - message.length, received.length))
                .isEqualTo(message);
    }

    // Random, so that it is a blob when it is compressed, too.
    private static byte[] message(int seed) {
        var random = new Random(seed);
        var text = new StringBuilder("From: ann@demo.test\r\nSubject: large\r\n\r\n");
        while (text.length() < OCTETS) text.append("%016x%016x\r\n".formatted(random.nextLong(), random.nextLong()));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
