package io.postmesh.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postmesh.delivery.plan.Egress;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierConfigTest {
    @Test
    void withoutASettingItGoesByMxSafely() throws BadSettings {
        var settings = Settings.load(Map.of(), Map.of());
        var config = CarrierConfig.from(settings);
        settings.check();
        assertThat(config.egress()).isEqualTo(Egress.PUBLIC);
        assertThat(config.port()).isEqualTo(25);
        assertThat(config.tls()).isEqualTo(TlsLevel.MAY);
        assertThat(config.relay()).isEmpty();
        assertThat(config.mailsPerConnection()).isEqualTo(100);
    }

    @Test
    void aRelayWithItsLogin() throws BadSettings {
        var env = Map.of("RELAYHOST", "[smtp.test]:587", "RELAYHOST_USERNAME", "ann", "RELAYHOST_PASSWORD", "secret");
        var settings = Settings.load(Map.of(), env);
        var relay = CarrierConfig.from(settings).relay().orElseThrow();
        settings.check();
        assertThat(relay.hops().getFirst()).hasToString("[smtp.test]:587");
        assertThat(relay.credentials().orElseThrow().password().reveal()).isEqualTo("secret");
        assertThat(relay.toString() + settings.describe()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RELAYHOST                       | smtp.test:x       | the port",
                "RELAYHOST_USERNAME              | ann               | RELAYHOST_PASSWORD",
                "RELAYHOST_PASSWORD              | secret            | RELAYHOST_USERNAME",
                "POSTFIX_smtp_tls_security_level | dane              | verify and secure",
                "POSTFIX_smtp_tls_security_level | always            | write none, may",
                "POSTFIX_smtp_tls_CAfile         | /no/such/file     | no such file",
                "POSTMESH_EGRESS                 | inside            | public, loopback or any",
                "POSTMESH_DNS_SERVERS            | dns.example:53    | 'dns.example:53' is no IP address; write one",
                "POSTMESH_DELIVERY_PORT          | 0                 | POSTMESH_DELIVERY_PORT",
                "POSTFIX_myhostname              | 'a b'             | host name"
            })
    void whatIsWrongIsSaidByName(String name, String value, String hint) {
        var settings = Settings.load(Map.of(), Map.of(name, value));
        CarrierConfig.from(settings);
        assertThatThrownBy(settings::check).isInstanceOf(BadSettings.class).hasMessageContaining(hint);
    }
}
