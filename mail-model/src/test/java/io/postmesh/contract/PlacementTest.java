package io.postmesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.mail.MailId;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final MailId ID = new MailId("01ARZ3NDEKTSV4RRFFQ69G5FAV");

    /// LEDGER L2: these numbers are in records that wait; they never change.
    @Test
    void aDomainKeepsItsPartitionForEver() {
        var placement = new Placement(1, 12, Set.of("gmail.com"));
        assertThat(placement.partition(ID, "example.com")).isEqualTo(9);
        assertThat(placement.partition(ID, "example.org")).isEqualTo(2);
        assertThat(placement.partition(ID, "xn--fa-hia.de")).isEqualTo(6);
        assertThat(placement.partition(ID, "gmail.com")).as("by mail id").isEqualTo(5);
        var everywhere = new Placement(2, 12, Set.of(Placement.EVERY_DOMAIN));
        assertThat(everywhere.partition(ID, "example.com")).as("by mail id").isEqualTo(5);
    }

    @Test
    void domainsFillPartitionsEvenly() {
        var placement = new Placement(1, 12, Set.of());
        var counts = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 12_000; i++) {
            counts.merge(placement.partition(ID, "customer" + i + ".example"), 1, Integer::sum);
        }
        assertThat(counts).hasSize(12);
        assertThat(counts.values()).allMatch(n -> n > 850 && n < 1150);
    }

    @Test
    void aPlacementHasAPartitionAndKeepsItsOwnList() {
        assertThatThrownBy(() -> new Placement(1, 0, Set.of())).isInstanceOf(IllegalArgumentException.class);
        var names = new HashSet<>(Set.of("b.test", "a.test"));
        var placement = new Placement(1, 1, names);
        names.add("c.test");
        assertThat(placement.spread()).containsExactly("a.test", "b.test");
        assertThatThrownBy(() -> placement.spread().add("d.test")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aRecordsNameDependsOnItsPositionsNotOnTheirOrder() {
        assertThat(RecordId.of(ID, new int[] {1, 2})).isEqualTo(RecordId.of(ID, new int[] {2, 1}));
        assertThat(RecordId.of(ID, new int[] {1, 2})).isNotEqualTo(RecordId.of(ID, new int[] {1, 3}));
        assertThat(RecordId.of(ID, new int[] {0}).text()).isEqualTo(PINNED_RECORD_ID);
    }

    private static final String PINNED_RECORD_ID = "56cbc88432be750150bf9d4b3aee03f9";

    @Test
    void aRouteIsReadBackFromItsText() {
        assertThat(Route.parse(Route.MX.text())).isEqualTo(Route.MX);
        assertThat(Route.parse(Route.RELAYHOST.text())).isEqualTo(Route.RELAYHOST);
        assertThat(Route.RELAYHOST.text()).isEqualTo("relayhost");
        assertThatThrownBy(() -> Route.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Route.Relay("mx")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSliceStaysInsideItsArray() {
        var array = new byte[10];
        assertThat(new Slice(array, 10, 0).length()).isZero();
        int[][] outside = {{-1, 1}, {0, 11}, {11, 0}, {5, 6}, {0, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}};
        for (int[] s : outside) {
            assertThatThrownBy(() -> new Slice(array, s[0], s[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(new Slice("xab".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 1, 2))
                .isEqualTo(Samples.bytes("ab"))
                .hasSameHashCodeAs(Samples.bytes("ab"));
    }
}
