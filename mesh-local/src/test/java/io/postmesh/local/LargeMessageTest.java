package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import io.postmesh.runtime.settings.HostPort;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// A message is never whole in the heap: four of the largest pass at once through a process that has no room for them.
class LargeMessageTest {
    private static final int OCTETS = 25_000_000;

    @TempDir
    private Path data;

    @Test
    void fourMessagesOf25MegabytesPassAProcessWith160MegabytesOfHeap() throws Exception {
        try (var sink = SmtpSink.start(new SinkOptions().memory(4));
                var mesh = Child.start(
                        "-Xmx160m",
                        data,
                        Map.of(
                                "ALLOW_EMPTY_SENDER_DOMAINS", "true",
                                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                                "RELAYHOST", "[127.0.0.1]:" + sink.port()),
                        "run")) {
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
            for (int i = 0; i < 4; i++) {
                var received = sink.inbox()
                        .awaitTo("large" + i + "@large.test", TestMesh.SOON.multipliedBy(2))
                        .message();
                assertThat(java.util.Arrays.equals(
                                received,
                                received.length - message.length,
                                received.length,
                                message,
                                0,
                                message.length))
                        .as("the same octets")
                        .isTrue();
            }
            assertThat(mesh.output()).doesNotContain("OutOfMemoryError");
        }
    }

    @Test
    void aLargeBodyIsInTheBucketAndTheSameWhenItArrives() throws Exception {
        var server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "the-key", "the-secret")
                .build();
        server.start();
        try (var operator = operator(server.getPort());
                var sink = SmtpSink.start(new SinkOptions().memory(1));
                var mesh = Child.start(
                        "-Xmx160m",
                        data,
                        Map.of(
                                "ALLOW_EMPTY_SENDER_DOMAINS", "true",
                                "POSTMESH_SMTP_LISTEN", "127.0.0.1:0",
                                "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                                "POSTMESH_BLOB_STORE", "s3://mail/mesh",
                                "POSTMESH_S3_ENDPOINT", "http://127.0.0.1:" + server.getPort(),
                                "POSTMESH_S3_PATH_STYLE", "yes",
                                "POSTMESH_S3_ACCESS_KEY", "the-key",
                                "POSTMESH_S3_SECRET_KEY", "the-secret",
                                "RELAYHOST", "[127.0.0.1]:" + sink.port()),
                        "run")) {
            var door = HostPort.parse(mesh.awaitLine("ready: SMTP on (\\S+),").group(1));
            var message = message();
            try (var client = RawClient.connect(door)) {
                assertThat(client.mail("ann@demo.test", "large@large.test", message))
                        .startsWith("250 2.0.0 ");
            }
            var objects = operator.listObjectsV2(list -> list.bucket("mail").prefix("mesh/"))
                    .contents();
            assertThat(objects)
                    .singleElement()
                    .satisfies(object -> assertThat(object.size()).isGreaterThan(OCTETS / 2));
            var received = sink.inbox()
                    .awaitTo("large@large.test", TestMesh.SOON.multipliedBy(2))
                    .message();
            assertThat(Arrays.mismatch(
                            received, received.length - message.length, received.length, message, 0, message.length))
                    .isEqualTo(-1);
            assertThat(mesh.output()).doesNotContain("the-secret");
        } finally {
            server.stop();
        }
    }

    private static S3Client operator(int port) {
        var operator = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("the-key", "the-secret")))
                .build();
        operator.createBucket(create -> create.bucket("mail"));
        return operator;
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
