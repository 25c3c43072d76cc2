package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.lab.sink.SinkOptions;
import org.junit.jupiter.api.Test;

class RelayHostTest {
    @Test
    void everythingGoesToTheRelayWithAUserUnderTls() throws Exception {
        var relay = new SinkOptions().startTls().user("ann", "s3cret").requireTls();
        try (var mesh = TestMesh.with("RELAYHOST_USERNAME", "ann")
                .set("RELAYHOST_PASSWORD", "s3cret")
                .set("POSTFIX_smtp_tls_security_level", "encrypt")
                .set("POSTMESH_EGRESS", "public") // a relay may be private or loopback all the same
                .zone("") // nobody has an MX
                .sink(relay)
                .relay()
                .start()) {
            mesh.submit("ann@demo.test", "a@relayed.test", "b@elsewhere.test");
            var mails = mesh.sink().inbox().await(mail -> !mail.recipients().isEmpty(), 1, TestMesh.SOON);
            assertThat(mails.getFirst().user()).isEqualTo("ann");
            assertThat(mails.getFirst().tls()).startsWith("TLSv1");
            mesh.awaitAtSink("a@relayed.test");
            mesh.awaitAtSink("b@elsewhere.test");
            Signatures.verifyAll(mesh.sink().inbox().all(), mesh.keys());
        }
    }

    @Test
    void aRelayThatRefusesThePasswordKeepsTheMailWaitingAndBouncesNothing() throws Exception {
        var relay = new SinkOptions().startTls().user("ann", "s3cret");
        try (var mesh = TestMesh.with("RELAYHOST_USERNAME", "ann")
                .set("RELAYHOST_PASSWORD", "wrong")
                .set("POSTMESH_EGRESS", "public")
                .set("POSTMESH_RETRY_SCHEDULE", "200ms")
                .zone("")
                .sink(relay)
                .relay()
                .start()) {
            mesh.submit("ann@demo.test", "a@relayed.test");
            await().atMost(TestMesh.SOON).until(() -> logins(mesh) >= 3);
            assertThat(mesh.sink().inbox().all()).isEmpty();
        }
    }

    private static long logins(TestMesh mesh) {
        return mesh.sink().transcripts().all().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .filter(command -> command.startsWith("AUTH"))
                .count();
    }
}
