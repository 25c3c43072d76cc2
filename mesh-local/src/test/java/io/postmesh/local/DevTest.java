package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./postmesh dev` as a newcomer meets it.
class DevTest {
    private static final Map<String, String> ANY_PORT =
            Map.of("POSTMESH_SMTP_LISTEN", "127.0.0.1:0", "POSTMESH_HTTP_LISTEN", "127.0.0.1:0");

    @TempDir
    private Path data;

    @Test
    void theCommandOfTheBannerWorksAsPrintedAndASecondStartFindsItsData() throws Exception {
        Programs.need("curl", "curl");
        var stops = new ArrayList<Duration>();
        try (var dev = Child.start(data, ANY_PORT, "dev")) {
            dev.awaitLine(
                    "welcome@demo.test -> you@example.com  accepted -> cleared -> signed -> delivered  250 .* ms$");
            var command = dev.awaitLine("^ +(printf .*)$").group(1);
            var ended = Programs.run("", List.of("sh", "-c", command));
            assertThat(ended.code()).as(ended.output()).isZero();
            dev.awaitLine("  me@demo.test -> you@example.com  accepted -> cleared -> signed -> delivered  250 .* ms$");
            sendPrintsOneLine(dev);
            assertThat(mails()).hasSizeGreaterThanOrEqualTo(2);
            assertThat(Files.readString(mails().get(1)))
                    .contains("Subject: Hello\r\n")
                    .endsWith("\r\n\r\nIt works.\r\n");
            health(dev.awaitLine("HTTP +(\\S+)/metrics").group(1));
            Signatures.verifyFolder(data.resolve("sink"), data.resolve("dkim"));
            assertOnlyOurLines(dev.output());
            stops.add(timeToStop(dev));
        }
        try (var again = Child.start(data, ANY_PORT, "dev")) {
            again.awaitLine("welcome@demo.test -> you@example.com  accepted -> cleared -> signed -> delivered");
            assertThat(mails()).hasSize(4);
            stops.add(timeToStop(again));
        }
        // Of two, so that a machine which is busy for a moment does not fail it.
        assertThat(Collections.min(stops)).isLessThan(Duration.ofSeconds(5));
    }

    private static Duration timeToStop(Child dev) throws Exception {
        long before = System.nanoTime();
        dev.interrupt();
        dev.await(TestMesh.SOON);
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void keysLieWithTheirDnsRecordsBesideThem() throws Exception {
        try (var dev = Child.start(data, ANY_PORT, "dev")) {
            dev.awaitLine("Postmesh is ready");
            var keys = data.resolve("dkim").resolve("demo.test");
            assertThat(Files.readString(keys.resolve("mail.txt")))
                    .startsWith("mail._domainkey.demo.test. IN TXT (")
                    .contains("v=DKIM1; k=rsa; p=");
            assertThat(Files.readString(keys.resolve("mail-ed25519.txt")))
                    .startsWith("mail-ed25519._domainkey.demo.test. IN TXT \"v=DKIM1; k=ed25519; p=");
            assertThat(Files.getPosixFilePermissions(keys.resolve("mail.private")))
                    .hasSize(2);
        }
    }

    @Test
    void takenPortsGiveWayToTheNextFreeOnesAndALineSaysSo() throws Exception {
        try (var smtp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var dev = Child.start(
                        data,
                        Map.of(
                                "POSTMESH_SMTP_LISTEN", "127.0.0.1:" + smtp.getLocalPort(),
                                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + http.getLocalPort()),
                        "dev")) {
            dev.awaitLine("^127.0.0.1:" + smtp.getLocalPort()
                    + " is taken, so POSTMESH_SMTP_LISTEN is 127.0.0.1:\\d+ this time");
            dev.awaitLine("^127.0.0.1:" + http.getLocalPort()
                    + " is taken, so POSTMESH_HTTP_LISTEN is 127.0.0.1:\\d+ this time");
            dev.awaitLine("-> delivered");
        }
    }

    @Test
    void onePortForBothIsMovedToo() throws Exception {
        int port = freePort();
        var both = Map.of(
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:" + port,
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + port);
        try (var dev = Child.start(data, both, "dev")) {
            dev.awaitLine("^127.0.0.1:" + port + " is taken, so POSTMESH_HTTP_LISTEN is 127.0.0.1:\\d+ this time");
            dev.awaitLine("-> delivered");
        }
    }

    @Test
    void aStopWhileItStartsIsQuietAndLeavesNothingBehind() throws Exception {
        try (var dev = Child.start(data, ANY_PORT, "dev")) {
            // Redis is one of the first to start, and a process of its own.
            var pidFile = data.resolve("redis").resolve("redis.pid");
            await().pollInterval(Duration.ofMillis(10))
                    .atMost(TestMesh.SOON)
                    .until(() ->
                            Files.exists(pidFile) && !Files.readString(pidFile).isEmpty());
            var redis = ProcessHandle.of(Long.parseLong(Files.readString(pidFile)));
            dev.interrupt();
            dev.await(TestMesh.SOON);
            await().atMost(TestMesh.SOON)
                    .until(() -> redis.isEmpty() || !redis.get().isAlive());
            assertThat(dev.output()).doesNotContain("postmesh: this is a defect", "Exception", "not taken");
        }
    }

    @Test
    void aFolderOfRunIsNotForDev() throws Exception {
        Files.writeString(data.resolve("purpose"), "run\n");
        try (var dev = Child.start(data, ANY_PORT, "dev")) {
            assertThat(dev.await(TestMesh.SOON)).isEqualTo(1);
            assertThat(dev.output())
                    .contains("POSTMESH_DATA_DIR")
                    .contains("'./postmesh run'")
                    .hasLineCount(1);
        }
    }

    @Test
    void aFolderInUseIsLeftAlone() throws Exception {
        try (var first = Child.start(data, ANY_PORT, "dev")) {
            first.awaitLine("Postmesh is ready");
            try (var second = Child.start(data, ANY_PORT, "dev")) {
                assertThat(second.await(TestMesh.SOON)).isEqualTo(1);
                assertThat(second.output())
                        .contains("in use by another Postmesh process (pid " + first.pid() + ")")
                        .hasLineCount(1);
            }
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void sendPrintsOneLine(Child dev) throws Exception {
        var server = dev.awaitLine("SMTP +(\\S+)").group(1);
        try (var send = Child.start(data, Map.of(), "send", "--to", "send@example.com", "--server", server)) {
            assertThat(send.await(TestMesh.SOON)).as(send.output()).isZero();
            dev.awaitLine("-> send@example.com  accepted -> cleared -> signed -> delivered");
            assertThat(send.output()).matches("[0-9A-Z]{26}  250 2\\.0\\.0 .*").hasLineCount(1);
        }
    }

    private List<Path> mails() throws Exception {
        try (var files = Files.list(data.resolve("sink"))) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .toList();
        }
    }

    private static void health(String url) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            await().atMost(TestMesh.SOON)
                    .until(() -> get(client, url + "/readyz").statusCode() == 200);
            assertThat(get(client, url + "/livez").body()).isEqualTo("ok\n");
            assertThat(get(client, url + "/metrics").body()).contains("postmesh_messages_terminal_total");
        }
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    // No JVM, Kafka or Redis noise: what is printed is the banner and a line a message.
    private static void assertOnlyOurLines(String output) {
        assertThat(output.lines()
                        .filter(line -> line.matches("(?i).*(warn|error|exception|kafka|slf4j|log4j|redis).*")))
                .isEmpty();
    }
}
