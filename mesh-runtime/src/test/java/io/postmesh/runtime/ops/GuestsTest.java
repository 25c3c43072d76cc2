package io.postmesh.runtime.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuestsTest {
    private static final String OURS = "192.0.2.1";
    private static final String KUBELET = "192.0.2.2";
    private static final String STRANGER = "192.0.2.3";

    private final Guests guests = new Guests();

    @Test
    void oneAddressTakesItsPartAndNoMore() {
        assertThat(enter(STRANGER, Guests.ALL)).isEqualTo(Guests.OF_ONE);
        assertThat(guests.enter(KUBELET, OURS)).isTrue();
    }

    @Test
    void whoLeavesMakesRoom() {
        enter(STRANGER, Guests.OF_ONE);
        guests.leave(STRANGER, OURS);
        assertThat(enter(STRANGER, Guests.OF_ONE)).isOne();
    }

    @Test
    void manyAddressesTakeAllPlaces() {
        assertThat(crowd("198.51.100.")).isEqualTo(Guests.ALL);
        assertThat(guests.enter(KUBELET, OURS)).isFalse();
    }

    @Test
    void noStrangerKeepsThisHostOut() {
        crowd("198.51.100.");
        assertThat(guests.enter("127.0.0.1", "127.0.0.1")).isTrue();
        assertThat(guests.enter("127.0.0.1", OURS)).isTrue();
        assertThat(guests.enter(OURS, OURS)).isTrue();
        assertThat(guests.enter("0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1")).isTrue();
    }

    @Test
    void thisHostKeepsNoStrangerOut() {
        assertThat(crowd("127.0.0.")).isEqualTo(Guests.ALL);
        assertThat(guests.enter(KUBELET, OURS)).isTrue();
    }

    private int crowd(String network) {
        int entered = 0;
        for (int i = 1; i <= 2 * Guests.ALL / Guests.OF_ONE; i++) entered += enter(network + i, Guests.OF_ONE);
        return entered;
    }

    private int enter(String from, int times) {
        int entered = 0;
        for (int i = 0; i < times; i++) if (guests.enter(from, OURS)) entered++;
        return entered;
    }
}
