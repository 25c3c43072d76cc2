package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SelfSigned;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Encryption: taken when offered, insisted on when told to, and never a way in for somebody else's bytes.
class TlsTest {
    private SmtpSink sink = SmtpSink.start(new SinkOptions().startTls());

    @AfterEach
    void stop() {
        sink.close();
    }

    private void sink(SinkOptions options) {
        sink.close();
        sink = SmtpSink.start(options);
    }

    @Test
    void itIsTakenWhenOfferedWhoeverTheOtherIs() {
        try (var bench = Bench.relayTo(sink.port()).open()) {
            var report = bench.carry(Letters.to("ok@one.test"));
            assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class);
            assertThat(report.tls()).startsWith("TLSv1.3 TLS_");
        }
        assertThat(sink.inbox().all().getFirst().tls()).isEqualTo("TLSv1.3");
    }

    @Test
    void aLargeMailPassesThroughIt() {
        var body = "a line of some length, to be repeated\r\n".repeat(40_000);
        try (var bench = Bench.relayTo(sink.port()).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test").body(body))))
                    .isInstanceOf(Verdict.Delivered.class);
        }
        assertThat(sink.inbox().all().getFirst().text()).isEqualTo(Letters.HEADERS + body);
    }

    @Test
    void atNoneItIsNotAskedFor() {
        try (var bench = Bench.relayTo(sink.port()).tls(TlsLevel.NONE).open()) {
            assertThat(bench.carry(Letters.to("ok@one.test")).tls()).isEmpty();
        }
        assertThat(sink.inbox().all().getFirst().tls()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ENCRYPT", "VERIFY", "SECURE"})
    void whereItIsAMustAndNotOfferedTheMailWaits(TlsLevel level) {
        sink(new SinkOptions());
        try (var bench = Bench.relayTo(sink.port()).tls(level).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))))
                    .isInstanceOfSatisfying(
                            Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.TLS));
        }
        assertThat(sink.inbox().all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not now", "502 5.5.1 what?", "drop", "reset", "garbage", "silence"})
    void whenItFailsTheMailGoesInClear(String fault) {
        sink.rules().add("* STARTTLS " + fault);
        try (var bench =
                Bench.relayTo(sink.port()).patience(Duration.ofSeconds(3)).open()) {
            var report = bench.carry(Letters.to("ok@one.test"));
            assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class);
            assertThat(report.tls()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not now", "502 5.5.1 what?", "drop", "garbage"})
    void butNeverInClearWhereItIsAMust(String fault) {
        sink.rules().add("* STARTTLS " + fault);
        try (var bench = Bench.relayTo(sink.port()).tls(TlsLevel.ENCRYPT).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Deferred.class);
        }
        assertThat(sink.inbox().all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "silence", "hang up"})
    void aBrokenHandshakeIsRetriedInClearOnANewConnection(String how) {
        try (var peer = Peer.start((number, line) -> {
                    line.greet("STARTTLS", "PIPELINING");
                    if (number > 1) {
                        line.takeMail();
                        return;
                    }
                    line.hear();
                    line.say("220 go\r\n");
                    if (how.equals("garbage")) line.say("no handshake\r\n".repeat(10));
                    if (!how.equals("hang up")) line.outlast();
                });
                var bench = Bench.relayTo(peer.port())
                        .patience(Duration.ofSeconds(3))
                        .open()) {
            var report = bench.carry(Letters.to("ok@one.test"));
            assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class);
            assertThat(peer.connections).hasValue(2);
        }
    }

    // RFC 8446 §4.4.4: in TLS 1.3 the client thinks it is done before the server has judged its part.
    @Test
    void aRemoteThatHangsUpRightAfterTheHandshakeGetsTheMailInClear() throws GeneralSecurityException, IOException {
        var context = SelfSigned.forHost("peer.test").serverContext();
        try (var peer = Peer.start((number, line) -> {
                    line.greet("STARTTLS");
                    if (number > 1) {
                        line.takeMail();
                        return;
                    }
                    line.hear();
                    line.say("220 go\r\n");
                    line.upgrade(context);
                });
                var bench = Bench.relayTo(peer.port()).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
            assertThat(peer.connections).hasValue(2);
        }
    }

    // CVE-2011-0411 and its kin, from the client's side: replies put in front of TLS by somebody in between.
    @Test
    void whatWasSaidInClearAfterThe220IsForgotten() throws GeneralSecurityException, IOException {
        var context = SelfSigned.forHost("peer.test").serverContext();
        var underTls = new AtomicReference<>("");
        try (var peer = Peer.start((number, line) -> {
                    line.greet("STARTTLS");
                    line.hear();
                    line.say("220 go\r\n250-evil.test\r\n250 AUTH PLAIN\r\n");
                    line.upgrade(context);
                    underTls.set(line.hear());
                    line.say("250-peer.test\r\n250 8BITMIME\r\n");
                    line.takeMail();
                });
                var bench = Bench.relayTo(peer.port()).tls(TlsLevel.ENCRYPT).open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test")))).isInstanceOf(Verdict.Delivered.class);
        }
        assertThat(underTls.get()).startsWith("EHLO ");
    }

    @ParameterizedTest
    @CsvSource({
        "VERIFY, mx1.relay.test,     sink.relay.test, false",
        "VERIFY, sink.relay.test,    sink.relay.test, true",
        "VERIFY, '*.relay.test',     sink.relay.test, true",
        "VERIFY, '*.test',           sink.relay.test, false",
        "VERIFY, relay.test,         sink.relay.test, false",
        "SECURE, sink.relay.test,    relay.test,      true",
        "SECURE, relay.test,         relay.test,      true",
        "SECURE, other.test,         relay.test,      false",
        "SECURE, notrelay.test,      relay.test,      false"
    })
    void theCertificateMustBeTheRightOne(
            TlsLevel level, String certified, String relay, boolean delivered, @TempDir Path folder)
            throws GeneralSecurityException, IOException {
        var identity = SelfSigned.forHost(certified);
        var context = identity.serverContext();
        try (var dns = ToyDns.start("relay.test MX 10 sink.relay.test\nsink.relay.test A 127.0.0.1\n");
                var peer = Peer.start((number, line) -> {
                    line.greet("STARTTLS");
                    line.hear();
                    line.say("220 go\r\n");
                    line.upgrade(context);
                    line.helloed();
                    line.takeMail();
                });
                var bench = Bench.direct()
                        .relay(
                                relay.equals("relay.test")
                                        ? relay + ":" + peer.port()
                                        : "[" + relay + "]:" + peer.port())
                        .dns(dns.port())
                        .tls(level)
                        .caFile(pem(identity, folder))
                        .open()) {
            var verdict = Bench.only(bench.carry(Letters.to("ok@one.test")));
            if (delivered) assertThat(verdict).isInstanceOf(Verdict.Delivered.class);
            else
                assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Deferred.class,
                                v -> assertThat(v.reason()).isEqualTo(Reason.TLS));
        }
    }

    @Test
    void aCertificateNobodyVouchesForIsNotAccepted() {
        try (var dns = ToyDns.start("sink.postmesh.test A 127.0.0.1\n");
                var bench = Bench.direct()
                        .relay("[sink.postmesh.test]:" + sink.port())
                        .dns(dns.port())
                        .tls(TlsLevel.VERIFY)
                        .open()) {
            assertThat(Bench.only(bench.carry(Letters.to("ok@one.test"))).reason())
                    .isEqualTo(Reason.TLS);
        }
        assertThat(sink.inbox().all()).isEmpty();
    }

    private static String pem(SelfSigned identity, Path folder) throws GeneralSecurityException, IOException {
        var der = identity.certificate().getEncoded();
        var text = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(folder.resolve("ca.pem"), text).toString();
    }
}
