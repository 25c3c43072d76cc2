package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postmesh.contract.Reason;
import io.postmesh.delivery.outcome.Report;
import io.postmesh.delivery.outcome.Verdict;
import io.postmesh.delivery.plan.Egress;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.plan.Providers;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Hosts of a domain are tried in order, for faults of a session or site; the destination's own word stands.
class HostOrderTest {
    private static final String ZONE = """
            one.test        MX 10 mx1.one.test
            one.test        MX 20 mx2.one.test
            mx1.one.test    A 127.0.0.1
            mx2.one.test    A 127.0.0.2
            down.test       MX 10 mx.down.test
            down.test       MX 20 mx2.one.test
            mx.down.test    A 127.0.0.3
            null.test       MX 0 .
            outside.test    MX 10 mx.outside.test
            mx.outside.test A 192.0.2.1
            silent.test     FAULT SERVFAIL
            names.test      MX 10 mx1.one.test
            names.test      MX 10 a.names.test
            names.test      MX 20 b.names.test
            a.names.test    A 127.0.0.1
            b.names.test    A 127.0.0.1
            """;
    private final ToyDns dns = ToyDns.start(ZONE);
    private final SmtpSink first = SmtpSink.start(new SinkOptions().hostname("mx1.one.test"));
    private final SmtpSink second = SmtpSink.start(new SinkOptions()
            .listen(new InetSocketAddress("127.0.0.2", first.port()))
            .hostname("mx2.one.test"));
    private Bench bench;

    @BeforeEach
    void open() {
        bench = Bench.direct().dns(dns.port()).port(first.port()).open();
    }

    @AfterEach
    void close() {
        bench.close();
        first.close();
        second.close();
        dns.close();
    }

    private Report carry(String... to) {
        return bench.carry(Letters.to(to).job(), Bench.GO);
    }

    @Test
    void theBestIsTriedFirst() {
        for (int i = 0; i < 5; i++) {
            assertThat(carry("ok@one.test").remote()).isEqualTo("mx1.one.test[127.0.0.1]:" + first.port());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT drop",
                "CONNECT 421 4.3.2 no",
                "CONNECT 554 5.3.2 no",
                "EHLO drop",
                "EHLO 450 4.3.0 no",
                "CONNECT garbage",
                "MAIL drop",
                "MAIL 421 4.3.2 no",
                "RCPT reset",
                "RCPT garbage",
                "DATA drop",
                "DATA 421 4.3.2 no"
            })
    void aFaultOfItsSessionOrSiteMeansTheNext(String fault) {
        first.rules().add("* " + fault);
        var report = carry("ok@one.test");
        assertThat(Bench.only(report)).isInstanceOf(Verdict.Delivered.class);
        assertThat(report.remote()).isEqualTo("mx2.one.test[127.0.0.2]:" + first.port());
    }

    @Test
    void whatItSaysStandsInQuotesAndAddsNothingToTheLine() {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(Trip.class);
        log.addAppender(said);
        first.rules().add("* MAIL 421 4.3.2 bye reason=DELIVERED to=\"victim@else.test\"");
        carry("ok@one.test");
        log.detachAppender(said);
        assertThat(said.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .endsWith(" at MAIL reply=\"421 4.3.2 bye reason=DELIVERED to=\\u0022victim@else.test\\u0022\""
                        + " reason=PUT_OFF");
    }

    @Test
    void anAddressOfManyNamesIsAskedOnce() {
        first.rules().add("* EHLO 450 4.3.0 no");
        assertThat(Bench.only(carry("ok@names.test"))).isInstanceOf(Verdict.Deferred.class);
        assertThat(first.counters().connections()).isEqualTo(1);
    }

    @Test
    void nobodyThereMeansTheNext() {
        assertThat(carry("ok@down.test").remote()).startsWith("mx2.one.test[");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL 450 4.1.8 no",
                "MAIL 550 5.1.8 no",
                "RCPT 450 4.2.1 no",
                "RCPT 550 5.1.1 no",
                "DATA 451 4.3.0 no",
                "DOT 451 4.3.0 no",
                "DOT 554 5.7.1 no"
            })
    void itsWordOnTheMailStands(String fault) {
        first.rules().add("* " + fault);
        carry("ok@one.test");
        assertThat(second.counters().connections()).isZero();
    }

    // The remote may have the mail already: another host would have it twice.
    @ParameterizedTest
    @ValueSource(strings = {"drop", "reset", "garbage"})
    void afterTheDotNoOtherHostIsTried(String fault) {
        first.rules().add("* DOT " + fault);
        assertThat(Bench.only(carry("ok@one.test"))).isInstanceOf(Verdict.Deferred.class);
        assertThat(second.counters().connections()).isZero();
    }

    @Test
    void onlyThoseStillOpenGoToTheNextHost() {
        first.rules().add("* DATA 421 4.3.2 no");
        var report = carry("ok@one.test", "reject@one.test", "fine@one.test");
        assertThat(Bench.of(report, 0)).isInstanceOf(Verdict.Delivered.class);
        assertThat(Bench.of(report, 1)).isInstanceOf(Verdict.Failed.class);
        assertThat(Bench.of(report, 2)).isInstanceOf(Verdict.Delivered.class);
        assertThat(second.inbox().all())
                .singleElement()
                .satisfies(mail -> assertThat(mail.recipients()).containsExactly("ok@one.test", "fine@one.test"));
    }

    @Test
    void aRefusalOfOneHostIsNotFinalWhileAnotherCouldNotBeAsked() {
        first.rules().add("* CONNECT drop");
        second.rules().add("* EHLO 550 5.7.1 not you");
        second.rules().add("* HELO 550 5.7.1 not you");
        assertThat(Bench.only(carry("ok@one.test"))).isInstanceOf(Verdict.Deferred.class);

        first.rules().clear();
        first.rules().add("* EHLO 550 5.7.1 not you");
        first.rules().add("* HELO 550 5.7.1 not you");
        assertThat(Bench.only(carry("ok@one.test"))).isInstanceOf(Verdict.Failed.class);
    }

    @Test
    void noMailAndNoAnswer() {
        assertThat(Bench.only(carry("ok@null.test")))
                .isInstanceOfSatisfying(
                        Verdict.Failed.class, v -> assertThat(v.reason()).isEqualTo(Reason.NULL_MX));
        assertThat(Bench.only(carry("ok@nosuch.test")))
                .isInstanceOfSatisfying(
                        Verdict.Failed.class, v -> assertThat(v.reason()).isEqualTo(Reason.NO_SUCH_DOMAIN));
        assertThat(Bench.only(carry("ok@silent.test")))
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class, v -> assertThat(v.reason()).isEqualTo(Reason.DNS));
    }

    @Test
    void mailForAddressesOutsideNeverLeavesInLoopback() {
        assertThat(Bench.only(carry("ok@outside.test")).reason()).isEqualTo(Reason.NO_HOST);
    }

    @Test
    void theConnectorItselfRefusesThem() {
        var connector = new Connector(
                Bench.VERTX,
                Egress.LOOPBACK,
                new OwnAddresses(),
                Timeouts.STANDARD,
                new CarrierMeters(Bench.METERS, Providers.parse("")));
        for (var address : List.of("192.0.2.1", "10.0.0.1", "2001:db8::1")) {
            var host = new Host("localhost", "localhost", InetAddress.ofLiteral(address), 25, 0, true);
            assertThatThrownBy(() -> connector.connect(host))
                    .isInstanceOfSatisfying(
                            Setback.class,
                            setback -> assertThat(setback.verdict().reason()).isEqualTo(Reason.NO_HOST));
        }
        assertThat(connector.openConnections()).isZero();
    }

    @Test
    void recipientsOfSeveralDomainsPartWhenTheirRelayIsGone() {
        var report = bench.carry(
                Letters.to("ok@one.test", "ok@null.test", "too@one.test")
                        .relayed()
                        .job(),
                Bench.GO);
        assertThat(Bench.positions(report)).containsExactly(0, 1, 2);
        assertThat(Bench.of(report, 0)).isInstanceOf(Verdict.Delivered.class);
        assertThat(Bench.of(report, 1).reason()).isEqualTo(Reason.NULL_MX);
        assertThat(Bench.of(report, 2)).isInstanceOf(Verdict.Delivered.class);
    }

    @Test
    void relaysAreTriedInTheirOrder() {
        var hops = "[127.0.0.3]:" + first.port() + ", [mx2.one.test]:" + first.port();
        try (var relay = Bench.direct().dns(dns.port()).relay(hops).open()) {
            assertThat(relay.carry(Letters.to("ok@anywhere.test")).remote()).startsWith("mx2.one.test[127.0.0.2]");
        }
    }

    // Brackets: the host itself, whatever its MX record says.
    @Test
    void bracketsMeanTheHostItself() {
        dns.zone("relay.test MX 10 mx1.one.test\nrelay.test A 127.0.0.2\nmx1.one.test A 127.0.0.1\n");
        try (var bare = Bench.direct()
                        .dns(dns.port())
                        .relay("relay.test:" + first.port())
                        .open();
                var bracketed = Bench.direct()
                        .dns(dns.port())
                        .relay("[relay.test]:" + first.port())
                        .open()) {
            assertThat(bare.carry(Letters.to("ok@x.test")).remote()).startsWith("mx1.one.test[127.0.0.1]");
            assertThat(bracketed.carry(Letters.to("ok@x.test")).remote()).startsWith("relay.test[127.0.0.2]");
        }
    }

    @Test
    void amongEqualsTheOneWeTalkToIsKept() {
        dns.zone("equal.test MX 10 a.test\nequal.test MX 10 b.test\na.test A 127.0.0.1\nb.test A 127.0.0.2\n");
        for (int i = 0; i < 10; i++) carry("ok@equal.test");
        assertThat(first.counters().connections() + second.counters().connections())
                .isEqualTo(1);
    }

    @Test
    void amongEqualsOfARelayToo() {
        dns.zone("equal.test MX 10 a.test\nequal.test MX 10 b.test\na.test A 127.0.0.1\nb.test A 127.0.0.2\n");
        try (var relay = Bench.direct()
                .dns(dns.port())
                .relay("equal.test:" + first.port())
                .open()) {
            for (int i = 0; i < 10; i++) relay.carry(Letters.to("ok@anywhere.test"));
        }
        assertThat(first.counters().connections() + second.counters().connections())
                .isEqualTo(1);
    }
}
