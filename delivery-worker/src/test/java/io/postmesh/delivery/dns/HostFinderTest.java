package io.postmesh.delivery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.delivery.plan.Egress;
import io.postmesh.delivery.plan.Host;
import io.postmesh.delivery.plan.Plan;
import io.postmesh.delivery.plan.Planner;
import io.postmesh.delivery.plan.RelayHost;
import io.postmesh.lab.dns.ToyDns;
import io.postmesh.mail.Domain;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Domains as they are met in the wild, each with the one right plan.
class HostFinderTest {
    private static final String ZONE = """
            one.test                 MX 10 mx.one.test
            mx.one.test              A 192.0.2.1
            three.test               MX 30 c.three.test
            three.test               MX 10 a.three.test
            three.test               MX 20 b.three.test
            a.three.test             A 192.0.2.11
            b.three.test             A 192.0.2.12
            c.three.test             A 192.0.2.13
            implicit.test            A 192.0.2.21
            implicit6.test           AAAA 2001:db8::21
            both.test                MX 10 mx.both.test
            mx.both.test             A 192.0.2.31
            mx.both.test             AAAA 2001:db8::31
            null.test                MX 0 .
            nullandmore.test         MX 0 .
            nullandmore.test         MX 10 mx.one.test
            empty.test               TXT "nothing else"
            alias.test               CNAME one.test
            mxalias.test             MX 10 alias.mxalias.test
            alias.mxalias.test       CNAME mx.one.test
            loop.test                CNAME loop2.test
            loop2.test               CNAME loop.test
            mxloop.test              MX 10 loop.test
            danglingmx.test          MX 10 nowhere.danglingmx.test
            halfdangling.test        MX 10 nowhere.halfdangling.test
            halfdangling.test        MX 20 mx.one.test
            mxempty.test             MX 10 empty.test
            servfail.test            FAULT SERVFAIL
            refused.test             FAULT REFUSED
            silent.test              FAULT TIMEOUT
            garbage.test             FAULT GARBAGE
            truncated.test           FAULT TRUNCATED
            truncated.test           MX 10 mx.one.test
            mxservfail.test          MX 10 servfail.test
            halfservfail.test        MX 10 servfail.test
            halfservfail.test        MX 20 mx.one.test
            mxsilent.test            MX 10 silent.test
            mxip.test                MX 10 192.0.2.1.
            loopback.test            MX 10 mx.loopback.test
            mx.loopback.test         A 127.0.0.1
            private.test             MX 10 mx.private.test
            mx.private.test          A 10.1.2.3
            mapped.test              MX 10 mx.mapped.test
            mx.mapped.test           AAAA ::ffff:127.0.0.1
            halfprivate.test         MX 10 mx.private.test
            halfprivate.test         MX 20 mx.one.test
            ours.test                MX 10 mx.one.test
            ours.test                MX 20 us.test
            ours.test                MX 20 b.three.test
            ours.test                MX 30 c.three.test
            us.test                  A 198.18.0.1
            onlyours.test            MX 10 us.test
            """;
    private static ToyDns dns;
    private static HostFinder finder;

    @BeforeAll
    static void start() {
        dns = ToyDns.start(ZONE + many());
        finder = finder(new Random(1));
    }

    private static String many() {
        var addresses = IntStream.range(0, 100)
                .mapToObj(i -> "many.test A 192.0.2." + i + "\n")
                .collect(Collectors.joining());
        var hosts = IntStream.range(0, 300)
                .mapToObj(i -> "manymx.test MX 10 mx" + i + ".manymx.test\nmx" + i + ".manymx.test A 192.0.2.1\n")
                .collect(Collectors.joining());
        return addresses + hosts;
    }

    private static HostFinder finder(Random random) {
        return HostFinder.open(List.of(dns.address()), Duration.ofMillis(800), random);
    }

    @AfterAll
    static void stop() {
        dns.close();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "one.test,          Try 192.0.2.1",
        "three.test,        Try 192.0.2.11 192.0.2.12 192.0.2.13",
        "implicit.test,     Try 192.0.2.21",
        "implicit6.test,    Try 2001:db8:0:0:0:0:0:21",
        "both.test,         Try 2001:db8:0:0:0:0:0:31 192.0.2.31",
        "null.test,         Never NULL_MX",
        "nullandmore.test,  Try 192.0.2.1",
        "empty.test,        Never NO_HOST",
        "nosuch.test,       Never NO_SUCH_DOMAIN",
        "alias.test,        Try 192.0.2.1",
        "mxalias.test,      Try 192.0.2.1",
        "loop.test,         Later DNS",
        "mxloop.test,       Later DNS",
        "danglingmx.test,   Never NO_HOST",
        "halfdangling.test, Try 192.0.2.1",
        "mxempty.test,      Never NO_HOST",
        "servfail.test,     Later DNS",
        "refused.test,      Later DNS",
        "silent.test,       Later DNS",
        "garbage.test,      Later DNS",
        "truncated.test,    Try 192.0.2.1",
        "mxservfail.test,   Later DNS",
        "halfservfail.test, Try 192.0.2.1",
        "mxsilent.test,     Later DNS",
        "mxip.test,         Never NO_HOST",
        "loopback.test,     Never NO_HOST",
        "private.test,      Never NO_HOST",
        "mapped.test,       Never NO_HOST",
        "halfprivate.test,  Try 192.0.2.1",
        "ours.test,         Try 192.0.2.1",
        "onlyours.test,     Never NO_HOST"
    })
    void aDomain(String domain, String plan) {
        assertThat(words(finder.direct(domain(domain), planner()))).isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource({"many.test", "manymx.test"})
    void howeverManyRecordsThereAreTwentyAddressesAreTried(String domain) {
        assertThat(finder.direct(domain(domain), planner()))
                .isInstanceOfSatisfying(
                        Plan.Try.class, plan -> assertThat(plan.hosts()).hasSize(20));
    }

    @Test
    void equalsComeInAnOrderOfChance() {
        var first = IntStream.range(0, 40)
                .mapToObj(seed -> finder(new Random(seed)).direct(domain("many.test"), planner()))
                .map(plan -> ((Plan.Try) plan).hosts().getFirst().address())
                .collect(Collectors.toSet());
        assertThat(first).hasSizeGreaterThan(10);
    }

    @Test
    void answersAreKeptForTheirTime() {
        var own = finder(new Random(1));
        own.direct(domain("both.test"), planner());
        int asked = dns.questionsFor("both.test") + dns.questionsFor("mx.both.test");
        for (int i = 0; i < 10; i++) own.direct(domain("both.test"), planner());
        assertThat(dns.questionsFor("both.test") + dns.questionsFor("mx.both.test"))
                .isEqualTo(asked);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "one.test                            | Try 192.0.2.1:25",
                "one.test:587                        | Try 192.0.2.1:587",
                "[mx.one.test]                       | Try 192.0.2.1:25",
                "[mx.one.test]:587                   | Try 192.0.2.1:587",
                "[one.test]                          | Later DNS",
                "[implicit.test]                     | Try 192.0.2.21:25",
                "implicit.test                       | Try 192.0.2.21:25",
                "null.test                           | Later DNS",
                "nosuch.test                         | Later DNS",
                "192.0.2.7                           | Try 192.0.2.7:25",
                "192.0.2.7:2525                      | Try 192.0.2.7:2525",
                "[127.0.0.1]:2525                    | Try 127.0.0.1:2525",
                "[2001:db8::1]:587                   | Try 2001:db8:0:0:0:0:0:1:587",
                "[mx.private.test]                   | Try 10.1.2.3:25",
                "[nosuch.test]:25, [mx.one.test]:26  | Try 192.0.2.1:26",
                "192.0.2.8 192.0.2.7,192.0.2.9:26    | Try 192.0.2.8:25 192.0.2.7:25 192.0.2.9:26",
                "three.test                          | Try 192.0.2.11:25 192.0.2.12:25 192.0.2.13:25",
                "[servfail.test]                     | Later DNS"
            })
    void aRelay(String setting, String plan) {
        var found = finder.relay(RelayHost.parseList(setting), planner());
        var words = found instanceof Plan.Try(var hosts)
                ? "Try "
                        + hosts.stream()
                                .map(h -> h.address().getHostAddress() + ":" + h.port())
                                .collect(Collectors.joining(" "))
                : words(found);
        assertThat(words).isEqualTo(plan);
    }

    private static Planner planner() {
        return new Planner(Egress.PUBLIC, 25, Set.of(java.net.InetAddress.ofLiteral("198.18.0.1")));
    }

    private static Domain domain(String name) {
        return Domain.parse(name).orElseThrow();
    }

    private static String words(Plan plan) {
        return switch (plan) {
            case Plan.Never(var reason) -> "Never " + reason;
            case Plan.Later(var reason) -> "Later " + reason;
            case Plan.Try(var hosts) ->
                "Try "
                        + hosts.stream()
                                .map(Host::address)
                                .map(a -> a.getHostAddress())
                                .collect(Collectors.joining(" "));
        };
    }
}
