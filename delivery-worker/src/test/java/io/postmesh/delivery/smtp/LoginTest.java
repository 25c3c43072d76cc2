package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.sink.SelfSigned;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// A relay is logged in to under TLS, or not at all; and a wrong password keeps mail waiting, it bounces none.
class LoginTest {
    @Test
    void aRelayIsToldWhoWeAreUnderTls() {
        try (var sink = SmtpSink.start(new SinkOptions().requireTls().user("ann", "sécret"));
                var bench = Bench.relayTo(sink.port()).login("ann", "sécret").open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(sink.inbox().all().getFirst().user()).isEqualTo("ann");
        }
    }

    @Test
    void whereOnlyLoginIsOfferedItIsUsed() throws GeneralSecurityException, IOException {
        var context = SelfSigned.forHost("peer.test").serverContext();
        var said = new AtomicReference<>("");
        try (var peer = Peer.start((number, line) -> {
                    line.greet("STARTTLS");
                    line.hear();
                    line.say("220 go\r\n");
                    line.upgrade(context);
                    line.helloed("AUTH=LOGIN");
                    var all = line.hear();
                    line.say("334 VXNlcm5hbWU6\r\n");
                    all += " " + line.hear();
                    line.say("334 UGFzc3dvcmQ6\r\n");
                    said.set(all + " " + line.hear());
                    line.say("235 in\r\n");
                    line.takeMail();
                });
                var bench = Bench.relayTo(peer.port()).login("ann", "secret").open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
        }
        assertThat(said.get()).isEqualTo("AUTH LOGIN YW5u c2VjcmV0");
    }

    @Test
    void aRefusedPasswordPutsTheMailOff() {
        try (var sink = SmtpSink.start(new SinkOptions().requireTls().user("ann", "secret"));
                var bench = Bench.relayTo(sink.port()).login("ann", "wrong").open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))))
                    .isInstanceOfSatisfying(Verdict.Deferred.class, v -> {
                        assertThat(v.reason()).isEqualTo(Reason.AUTH);
                        assertThat(v.reply().orElseThrow().code()).isEqualTo(535);
                    });
        }
    }

    @Test
    void inClearThePasswordIsNeverSaid() {
        try (var sink = SmtpSink.start(new SinkOptions().user("ann", "secret").authInClear());
                var bench = Bench.relayTo(sink.port()).login("ann", "secret").open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))))
                    .isInstanceOfSatisfying(
                            Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.TLS));
            assertThat(sink.transcripts().all().toString()).doesNotContain("AUTH ");
            assertThat(sink.inbox().all()).isEmpty();
        }
    }

    @Test
    void notEvenAfterAFailedHandshake() {
        try (var sink = SmtpSink.start(
                        new SinkOptions().startTls().user("ann", "secret").authInClear());
                var bench = Bench.relayTo(sink.port()).login("ann", "secret").open()) {
            sink.rules().add("* STARTTLS 454 4.7.0 not now");
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.TLS);
            assertThat(sink.inbox().all()).isEmpty();
        }
    }

    @Test
    void aRelayWithoutAnyLoginPutsTheMailOff() {
        try (var sink = SmtpSink.start(new SinkOptions().startTls());
                var bench = Bench.relayTo(sink.port()).login("ann", "secret").open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.AUTH);
        }
    }

    @Test
    void credentialsShowInNoText() {
        var credentials = new Credentials("ann", new io.postmesh.runtime.settings.Secret("secret"));
        assertThat(credentials.toString()).doesNotContain("secret");
    }
}
