package io.postmesh.policy.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Placement;
import io.postmesh.contract.Route;
import io.postmesh.mail.MailId;
import io.postmesh.policy.SampleMail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitterTest {
    private static final Splitter MX = new Splitter(Route.MX, 50);
    private static final Splitter RELAY = new Splitter(Route.RELAYHOST, 50);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a@one.test                                     | one.test:0
            a@one.test b@one.test                          | one.test:0,1
            a@one.test b@two.test                          | one.test:0 two.test:1
            a@one.test b@two.test c@one.test d@two.test    | one.test:0,2 two.test:1,3
            a@two.test b@one.test                          | two.test:0 one.test:1
            a@ONE.test b@one.TEST                          | one.test:0,1
            a@faß.de b@xn--fa-hia.de c@fass.de             | xn--fa-hia.de:0,1 fass.de:2
            a@one.test a@one.test                          | one.test:0,1
            a@one.test b@mail.one.test                     | one.test:0 mail.one.test:1
            """)
    void recipientsOfOneDomainTravelTogetherAndKeepTheirPositions(String to, String expected) {
        assertThat(text(MX.split(mail(to.split(" ")).envelope()))).isEqualTo(expected);
    }

    @Test
    void aRelayTakesEveryRecipientAtOnce() {
        var everywhere = new Placement(1, 8, Set.of(Placement.EVERY_DOMAIN));
        var split = RELAY.split(mail("a@one.test", "b@two.test", "c@one.test")
                .placement(everywhere)
                .envelope());
        assertThat(text(split)).isEqualTo("relayhost:0,1,2");
        assertThat(split.getFirst().route()).isEqualTo(Route.RELAYHOST);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "49, 49", "50, 50", "51, 50+1", "100, 50+50", "101, 50+50+1"})
    void fiftyRecipientsAtMostShareARecord(int recipients, String expected) {
        var to = new ArrayList<String>();
        for (int i = 0; i < recipients; i++) to.add("u" + i + "@one.test");
        for (var splitter : List.of(MX, RELAY)) {
            var sizes = splitter.split(SampleMail.plain().to(to).envelope()).stream()
                    .map(c -> "" + c.recipients().size())
                    .toList();
            assertThat(String.join("+", sizes)).isEqualTo(expected);
        }
    }

    /// The numbers of LEDGER L2: a mail that waits since last year is found only where it was put then.
    @ParameterizedTest
    @CsvSource({
        "example.com,   12, 9, 5",
        "example.com,    4, 1, 1",
        "example.org,   12, 2, 5",
        "gmail.com,     12, 5, 5",
        "xn--fa-hia.de, 12, 6, 5",
        "a.test,        12, 1, 5",
        "b.test,        12, 9, 5",
        "b.test,         1, 0, 0",
    })
    void placementNeverChanges(String domain, int partitions, int byDomain, int byMail) {
        var mail = mail("a@" + domain).placement(new Placement(1, partitions, Set.of("gmail.com")));
        assertThat(MX.split(mail.envelope()).getFirst().partition()).isEqualTo(byDomain);
        var everywhere = mail.placement(new Placement(1, partitions, Set.of(Placement.EVERY_DOMAIN)));
        assertThat(RELAY.split(everywhere.envelope()).getFirst().partition()).isEqualTo(byMail);
    }

    /// Policy runs again after `RELAYHOST` was set or removed: only the same partition knows who came before.
    @Test
    void aChangedRouteMovesNobodyToAnotherPartition() {
        var random = new Random(43);
        for (int round = 0; round < 200; round++) {
            var to = new ArrayList<String>();
            for (int i = 0; i < 30; i++) to.add("u" + i + "@d" + random.nextInt(7) + ".test");
            var spread = random.nextBoolean() ? Set.of("d1.test") : Set.of(Placement.EVERY_DOMAIN);
            var mail = SampleMail.plain().to(to).placement(new Placement(1, 5, spread));
            assertThat(partitions(RELAY.split(mail.envelope()))).isEqualTo(partitions(MX.split(mail.envelope())));
        }
    }

    private static Map<Integer, Integer> partitions(List<Consignment> split) {
        var of = new TreeMap<Integer, Integer>();
        for (var some : split) for (int position : some.positions()) of.put(position, some.partition());
        return of;
    }

    @Test
    void aSpreadDestinationUsesAllPartitionsAndAnyOtherDomainOne() {
        var placement = new Placement(1, 8, Set.of("gmail.com"));
        var spread = new java.util.TreeSet<Integer>();
        var kept = new java.util.TreeSet<Integer>();
        var random = new Random(5);
        for (int i = 0; i < 200; i++) {
            var mail = mail("a@gmail.com", "b@one.test").placement(placement).id(MailId.at(i, random));
            var split = MX.split(mail.envelope());
            spread.add(split.get(0).partition());
            kept.add(split.get(1).partition());
        }
        assertThat(spread).hasSize(8);
        assertThat(kept).hasSize(1);
    }

    @Test
    void nobodyIsLeftOutNobodyIsNamedTwiceAndEveryPartitionExists() {
        var random = new Random(42);
        for (int round = 0; round < 500; round++) {
            var to = new ArrayList<String>();
            for (int i = 0, n = 1 + random.nextInt(200); i < n; i++)
                to.add("u" + i + "@d" + random.nextInt(7) + ".test");
            var mail = SampleMail.plain().to(to).placement(new Placement(1, 1 + random.nextInt(9), Set.of()));
            var split = MX.split(mail.envelope());
            var positions = split.stream()
                    .flatMapToInt(c -> Arrays.stream(c.positions()))
                    .sorted()
                    .toArray();
            assertThat(positions).isEqualTo(mail.envelope().positions());
            assertThat(split).allMatch(c -> c.partition() < mail.placement().partitions());
            assertThat(split).isEqualTo(MX.split(mail.envelope()));
        }
    }

    private static SampleMail mail(String... to) {
        return SampleMail.plain().to(to);
    }

    private static String text(List<Consignment> split) {
        var parts = new ArrayList<String>();
        for (var c : split) {
            var positions =
                    Arrays.stream(c.positions()).mapToObj(Integer::toString).toList();
            parts.add(c.destination() + ":" + String.join(",", positions));
        }
        return String.join(" ", parts);
    }
}
