package io.postmesh.delivery.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("203.0.113.9");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "192.0.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "239.1.2.3",
                "240.0.0.1",
                "255.255.255.255",
                "203.0.113.9",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2001::1"
            })
    void inPublicTheseAreNoHostsOfTheInternet(String address) {
        assertThat(permits(Egress.PUBLIC, address, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "192.167.1.1",
                "192.169.0.1",
                "198.17.1.1",
                "198.20.1.1",
                "223.255.255.255",
                "203.0.113.10",
                "2001:db8::1",
                "2a00:1450::1",
                "64:ff9b::1.1.1.1",
                "2002:101:101::1",
                "::ffff:1.1.1.1"
            })
    void inPublicTheseAre(String address) {
        assertThat(permits(Egress.PUBLIC, address, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "::1", "fd00::1", "203.0.113.9"})
    void theOperatorsRelayMayBeAnywhere(String address) {
        assertThat(permits(Egress.PUBLIC, address, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "10.0.0.1", "192.168.1.1", "0.0.0.0", "203.0.113.9", "fe80::1", "2001:db8::1"})
    void inLoopbackNothingLeavesTheMachineNotEvenForARelay(String address) {
        assertThat(permits(Egress.LOOPBACK, address, false)).isFalse();
        assertThat(permits(Egress.LOOPBACK, address, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    void inLoopbackThisMachineIs(String address) {
        assertThat(permits(Egress.LOOPBACK, address, false)).isTrue();
    }

    private static boolean permits(Egress egress, String address, boolean relay) {
        var host = new Host("mx.test", "test", InetAddress.ofLiteral(address), 25, 0, relay);
        return egress.permits(host, Set.of(OWN));
    }
}
