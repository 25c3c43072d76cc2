package io.postmesh.delivery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    private final Providers usual = Providers.parse(Providers.USUAL);

    @Test
    void aHostIsItsProvidersByTheEndOfItsName() {
        assertThat(usual.of(host("aspmx.l.google.com", false))).isEqualTo("google");
        assertThat(usual.of(host("GMAIL-SMTP-IN.L.GOOGLE.COM.", false))).isEqualTo("google");
        assertThat(usual.of(host("one-example.mail.protection.outlook.com", false)))
                .isEqualTo("microsoft");
    }

    @Test
    void whoeverLooksLikeOneAndIsNoneIsAmongTheOthers() {
        assertThat(usual.of(host("notgoogle.com", false))).isEqualTo(Providers.OTHER);
        assertThat(usual.of(host("google.com.evil.test", false))).isEqualTo(Providers.OTHER);
        assertThat(usual.of(host("", false))).isEqualTo(Providers.OTHER);
        assertThat(usual.of(new Plan.Never(io.postmesh.contract.Reason.NO_HOST)))
                .isEqualTo(Providers.OTHER);
    }

    @Test
    void aRelayIsARelayWhoeversItIs() {
        assertThat(usual.of(host("smtp-relay.gmail.google.com", true))).isEqualTo(Providers.RELAY);
    }

    @Test
    void whatIsNoListIsToldHowToWriteOne() {
        for (var text : new String[] {"google", "google=", "Google=google.com", "a=b", "a=b.c; a=d.e", "other=x.y"})
            assertThatThrownBy(() -> Providers.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        assertThat(Providers.parse(" ").names()).containsExactly(Providers.RELAY, Providers.OTHER);
    }

    private static Host host(String name, boolean relay) {
        return new Host(name, "one.test", InetAddress.getLoopbackAddress(), 25, 0, relay);
    }
}
