package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator reads when a setting is wrong: one line each, and the exit code says whose turn it is.
class BadStartTest {
    @TempDir
    private Path data;

    @Test
    void nobodyMaySendUnlessSomebodySaysWho() throws Exception {
        assertThat(run(Map.of())).isEqualTo(1);
        assertThat(output)
                .contains("ALLOWED_SENDER_DOMAINS")
                .contains("ALLOW_EMPTY_SENDER_DOMAINS")
                .hasLineCount(1);
    }

    @Test
    void allMalformedSettingsAreNamedAtOnce() throws Exception {
        int code = run(Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:99999",
                "POSTFIX_message_size_limit", "big",
                "POSTFIX_mynetworks", "300.1.1.1/8",
                "POSTMESH_REDIS_URL", "http://redis",
                "POSTFIX_smtp_tls_security_level", "perhaps",
                "POSTMESH_RETRY_SCHEDULE", "often"));
        assertThat(code).isEqualTo(78);
        assertThat(output)
                .contains("POSTMESH_SMTP_LISTEN: ", "POSTFIX_message_size_limit: ", "POSTFIX_mynetworks: ")
                .contains("POSTMESH_REDIS_URL: ", "POSTFIX_smtp_tls_security_level: ", "POSTMESH_RETRY_SCHEDULE: ")
                .hasLineCount(6);
    }

    @Test
    void aRelayThatIsTheNodesOwnDoorIsNoRelay() throws Exception {
        int code = run(Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:8925",
                "RELAYHOST", "[127.0.0.1]:8925"));
        assertThat(code).isEqualTo(78);
        assertThat(output)
                .contains("RELAYHOST: 127.0.0.1:8925 is this node's own door")
                .hasLineCount(1);
    }

    @Test
    void aCertificateFileWithoutOneIsNamed() throws Exception {
        var file = Files.writeString(data.resolve("ca.pem"), "no certificate\n");
        int code = run(Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTFIX_smtp_tls_security_level", "secure",
                "POSTFIX_smtp_tls_CAfile", file.toString()));
        assertThat(code).isEqualTo(78);
        assertThat(output)
                .contains("POSTFIX_smtp_tls_CAfile: ", "holds no certificate")
                .hasLineCount(1);
    }

    @Test
    void anUnreadableKeyIsNamed() throws Exception {
        var keys = Files.createDirectory(data.resolve("keys"));
        Files.writeString(keys.resolve("demo.test.private"), "no key");
        int code = run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_DKIM_KEYS", keys.toString()));
        assertThat(code).isEqualTo(78);
        assertThat(output)
                .contains("POSTMESH_DKIM_KEYS: ")
                .contains("demo.test.private")
                .hasLineCount(1);
    }

    @Test
    void aTakenPortNamesTheSetting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = run(Map.of(
                    "ALLOWED_SENDER_DOMAINS", "demo.test",
                    "POSTMESH_HTTP_LISTEN", "127.0.0.1:0",
                    "POSTMESH_SMTP_LISTEN", "127.0.0.1:" + taken.getLocalPort()));
            assertThat(code).isEqualTo(78);
            assertThat(output)
                    .startsWith("postmesh: POSTMESH_SMTP_LISTEN: cannot listen on ")
                    .hasLineCount(1);
        }
    }

    @Test
    void onePortForBothServersIsRefused() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        int code = run(Map.of(
                "ALLOWED_SENDER_DOMAINS", "demo.test",
                "POSTMESH_HTTP_LISTEN", "127.0.0.1:" + port,
                "POSTMESH_SMTP_LISTEN", "127.0.0.1:" + port));
        assertThat(code).isEqualTo(78);
        assertThat(output)
                .contains("POSTMESH_HTTP_LISTEN: 127.0.0.1:" + port + " is POSTMESH_SMTP_LISTEN already")
                .hasLineCount(1);
    }

    @Test
    void aLogFileThatCannotBeWrittenNamesTheSetting() throws Exception {
        assertThat(run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_LOG_FILE", "/proc/nowhere/log")))
                .isEqualTo(78);
        assertThat(output).startsWith("postmesh: POSTMESH_LOG_FILE: ").hasLineCount(1);
    }

    @Test
    void aDataFolderThatCannotBeOneNamesTheSetting() throws Exception {
        var file = Files.writeString(data.resolve("file"), "no folder");
        assertThat(run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_DATA_DIR", file.toString())))
                .isEqualTo(78);
        assertThat(output).startsWith("postmesh: POSTMESH_DATA_DIR: ").hasLineCount(1);
    }

    @Test
    void aBlobFolderThatCannotBeOneNamesTheSetting() throws Exception {
        assertThat(run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_BLOBS", "/proc/x")))
                .isEqualTo(78);
        assertThat(output)
                .startsWith("postmesh: POSTMESH_BLOBS: the folder /proc/x cannot be used (")
                .contains("name one this process's user may write to")
                .hasLineCount(1);
    }

    @Test
    void anAddressThatIsNotThisMachinesIsToldFromATakenOne() throws Exception {
        assertThat(run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_SMTP_LISTEN", "192.0.2.1:2525")))
                .isEqualTo(78);
        assertThat(output)
                .contains("no address of this machine is 192.0.2.1")
                .doesNotContain("stop what listens there")
                .hasLineCount(1);
    }

    @Test
    void sendNamesAMalformedAddressOfTheEnvironmentToo() throws Exception {
        var environment = Map.of("POSTMESH_SMTP_LISTEN", "2525");
        try (var child = Child.start(data.resolve("data"), environment, "send", "--to", "a@b.test")) {
            assertThat(child.await(TestMesh.SOON)).isEqualTo(78);
            assertThat(child.output())
                    .startsWith("postmesh: POSTMESH_SMTP_LISTEN: '2525': ")
                    .hasLineCount(1);
        }
    }

    @Test
    void aMistypedNameIsTold() throws Exception {
        assertThat(run(Map.of("ALLOWED_SENDER_DOMAINS", "demo.test", "POSTMESH_SMTP_LISTENS", "x")))
                .isEqualTo(78);
        assertThat(output).contains("did you mean POSTMESH_SMTP_LISTEN?").hasLineCount(1);
    }

    @Test
    void anUnknownSubcommandIsAUsageError() throws Exception {
        try (var child = Child.start(data, Map.of(), "dance")) {
            assertThat(child.await(TestMesh.SOON)).isEqualTo(64);
            assertThat(child.output()).contains("dance").doesNotContain("Exception");
        }
    }

    private String output = "";

    private int run(Map<String, String> environment) throws Exception {
        var all = new HashMap<>(Map.of("POSTMESH_SMTP_LISTEN", "127.0.0.1:0", "POSTMESH_HTTP_LISTEN", "127.0.0.1:0"));
        all.putAll(environment);
        try (var child = Child.start(data.resolve("data"), all, "run")) {
            int code = child.await(TestMesh.SOON);
            output = child.output();
            return code;
        }
    }
}
