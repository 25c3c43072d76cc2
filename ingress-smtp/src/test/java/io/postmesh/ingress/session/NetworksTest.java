package io.postmesh.ingress.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.1.2.3, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.0.0.0/8, ::1, false",
        "[::1]/128, ::1, true",
        "::1, ::1, true",
        "[2001:db8::]/32, 2001:db8:1::5, true",
        "[2001:db8::]/32, 2001:db9::5, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.4/30, 192.0.2.7, true",
        "192.0.2.4/30, 192.0.2.8, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "[::ffff:127.0.0.0]/104, 127.0.0.9, true",
        "1.1.1.1/32, 127.0.0.1, false"
    })
    void matchesAsPostfixDoes(String network, String ip, boolean inside) throws UnknownHostException {
        var address = InetAddress.getByName(ip).getAddress();
        assertThat(Networks.parse(List.of(network)).contains(address)).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0/8",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "[::1]/129",
                "example.org/24",
                "256.0.0.1",
                "hash:/etc/postfix/networks"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> Networks.parse(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.0/24", "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64"})
    void limitsCountForANetwork(String ip, String network) throws UnknownHostException {
        assertThat(Networks.networkOf(InetAddress.getByName(ip).getAddress())).isEqualTo(network);
    }
}
